#!/usr/bin/env ruby
# frozen_string_literal: true

# Makes an avatar: ruby avatar.rb photo.jpg avatar.webp

require_relative "keenpix"

abort "usage: avatar.rb PHOTO AVATAR" unless ARGV.length == 2
photo, avatar = ARGV

plan = {
  resize: { width: 256, height: 256, position: "attention" },
  encode: { format: "webp", quality: 80 }
}

begin
  output = Keenpix.transform(File.binread(photo), plan, pixels: 100_000_000, deadline_ms: 10_000)
  File.binwrite(avatar, output.data)
  puts "#{avatar}: #{output.info['width']}×#{output.info['height']}, #{output.data.bytesize} bytes"
rescue Keenpix::Error => e
  abort "#{e.code}: #{e.message}\n#{e.hint}"
end
