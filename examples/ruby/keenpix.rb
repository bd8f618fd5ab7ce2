# frozen_string_literal: true

require "fiddle/import"
require "json"

# keenpix through its C ABI (bindings-c/include/keenpix.h), using only Ruby's standard library.
#
# ENV["KEENPIX_LIBRARY"] is the path of the library; without it, the system's loader looks for libkeenpix.so.
module Keenpix
  # A finished image: the file's bytes, and facts about it ("width", "media_type", …).
  Output = Struct.new(:data, :info)

  # Why a call failed.
  class Error < StandardError
    attr_reader :code, :hint, :retryable, :http_status

    def initialize(message, code, hint, retryable, http_status)
      super(message)
      @code, @hint, @retryable, @http_status = code, hint, retryable, http_status
    end
  end

  # The functions of keenpix.h.
  module Library
    extend Fiddle::Importer
    dlload ENV.fetch("KEENPIX_LIBRARY", "libkeenpix.so")
    extern "int keenpix_transform(void*, size_t, void*, void*, void*, void*)"
    extern "int keenpix_probe(void*, size_t, void*, void*)"
    extern "void* keenpix_output_data(void*)"
    extern "size_t keenpix_output_length(void*)"
    extern "void* keenpix_output_info(void*)"
    extern "void keenpix_output_free(void*)"
    extern "void* keenpix_error_code(void*)"
    extern "void* keenpix_error_message(void*)"
    extern "void* keenpix_error_hint(void*)"
    extern "char keenpix_error_retryable(void*)"
    extern "unsigned short keenpix_error_http_status(void*)"
    extern "void keenpix_error_free(void*)"
    extern "void keenpix_string_free(void*)"
    extern "void* keenpix_version()"
  end

  # The struct keenpix_limits, in the order of its fields: four of 64 bits, four of 32, one of 64.
  LIMITS = %i[pixels input_bytes memory deadline_ms width height frames scans total_pixels].freeze

  class << self
    # Turns one image into another. `bytes` is a file, and `plan` a Hash that says what to make of it; `limits` are
    # keywords.
    def transform(bytes, plan = {}, **limits)
      output = call do |made, error|
        Library.keenpix_transform(bytes, bytes.bytesize, JSON.generate(plan), pack(limits), made, error)
      end
      data = Library.keenpix_output_data(output)[0, Library.keenpix_output_length(output)]
      Output.new(data, JSON.parse(text(Library.keenpix_output_info(output))))
    ensure
      Library.keenpix_output_free(output) if output
    end

    # What an image's header says, as a Hash.
    def probe(bytes)
      info = call { |made, error| Library.keenpix_probe(bytes, bytes.bytesize, made, error) }
      JSON.parse(text(info))
    ensure
      Library.keenpix_string_free(info) if info
    end

    def version
      text(Library.keenpix_version)
    end

    private

    # Calls a function that sets a pointer or an error, and returns the pointer.
    def call
      size = Fiddle::SIZEOF_VOIDP
      Fiddle::Pointer.malloc(size, Fiddle::RUBY_FREE) do |made|
        Fiddle::Pointer.malloc(size, Fiddle::RUBY_FREE) do |error|
          return made.ptr if yield(made, error).zero?

          raise fault(error.ptr)
        end
      end
    end

    def fault(error)
      texts = %i[message code hint].map { |part| text(Library.public_send("keenpix_error_#{part}", error)) }
      retryable = !Library.keenpix_error_retryable(error).zero?
      Error.new(*texts, retryable, Library.keenpix_error_http_status(error))
    ensure
      Library.keenpix_error_free(error)
    end

    def pack(limits)
      return nil if limits.empty?

      unknown = limits.keys - LIMITS
      raise ArgumentError, "unknown limits: #{unknown.join(', ')}" unless unknown.empty?

      LIMITS.map { |name| limits.fetch(name, 0) }.pack("Q4L4Q")
    end

    def text(pointer)
      pointer.to_s.force_encoding(Encoding::UTF_8)
    end
  end
end
