# frozen_string_literal: true

# Tests the example; KEENPIX_LIBRARY is the path of the library. Needs only Ruby.

require "open3"
require "tmpdir"
require_relative "keenpix"

PHOTOS = File.expand_path("../photos", __dir__)
PHOTO = File.binread(File.join(PHOTOS, "portrait-orientation-6.jpg"))

$passed = 0

def check(what)
  raise "failed: #{what}" unless yield

  $passed += 1
end

def fault
  yield
  nil
rescue Keenpix::Error => e
  e
end

check("a version") { Keenpix.version.match?(/\A\d+\.\d+\.\d+\z/) }

info = Keenpix.probe(PHOTO)
check("a header") { info["format"] == "jpeg" && info["orientation"] == 6 }

output = Keenpix.transform(PHOTO, { resize: { width: 64, height: 64 }, encode: { format: "png" } })
check("a PNG") { output.data.start_with?("\x89PNG".b) && output.data.encoding == Encoding::BINARY }
check("its facts") { output.info.values_at("width", "height", "media_type", "warnings") == [64, 64, "image/png", []] }
check("it is what the facts say") { Keenpix.probe(output.data).values_at("width", "height") == [64, 64] }
check("no plan") { Keenpix.transform(output.data).info["format"] == "png" }

error = fault { Keenpix.transform("<html>".b) }
check("no image") { error.code == "NOT_AN_IMAGE" && error.message.include?("HTML") && error.http_status == 415 }
error = fault { Keenpix.transform(PHOTO, { resize: { widht: 1 } }) }
check("a bad plan") { error.code == "BAD_PLAN" && error.message.include?("`width`") && !error.hint.empty? }
error = fault { Keenpix.transform(PHOTO, {}, pixels: 1000) }
check("a limit") { error.code == "LIMIT_PIXELS" && !error.retryable }
error = fault { Keenpix.transform(PHOTO, {}, scans: 5, height: 1) }
check("the limits in between") { error.code == "LIMIT_HEIGHT" }
error = fault { Keenpix.transform(PHOTO, {}, total_pixels: 1000) }
check("the last limit") { error.code == "LIMIT_TOTAL_PIXELS" }
error = fault { Keenpix.transform("".b) }
check("nothing") { error.code == "NOT_AN_IMAGE" }
error = fault do
  slow = { resize: { width: 6000 }, encode: { format: "webp", effort: 6 } }
  Keenpix.transform(PHOTO, slow, deadline_ms: 50)
end
check("a deadline") { error.code == "DEADLINE" && error.retryable }

before = File.read("/proc/self/status")[/VmRSS:\s*(\d+)/, 1].to_i
300.times { Keenpix.transform(PHOTO, { resize: { width: 32 } }) && fault { Keenpix.transform("x".b * 100_000) } }
GC.start
grown = File.read("/proc/self/status")[/VmRSS:\s*(\d+)/, 1].to_i - before
check("memory is given back: #{grown} kB more") { grown < 30_000 }

Dir.mktmpdir do |folder|
  avatar = File.join(folder, "avatar.webp")
  program = ["ruby", File.join(__dir__, "avatar.rb")]
  text, status = Open3.capture2e(*program, File.join(PHOTOS, "landscape.jpg"), avatar)
  check("the program: #{text}") { status.success? && text.include?("256×256") }
  made = Keenpix.probe(File.binread(avatar))
  check("the avatar") { made.values_at("format", "width", "height") == ["webp", 256, 256] }
  text, status = Open3.capture2e(*program, __FILE__, avatar)
  check("no photo: #{text}") { !status.success? && text.start_with?("NOT_AN_IMAGE") }
end

puts "#{$passed} passed, 0 failed"
