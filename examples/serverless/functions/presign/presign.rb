# frozen_string_literal: true

require 'base64'
require 'json'

# Issues URLs for uploading an avatar: POST /avatars/key_upload, and the preflight OPTIONS /{proxy+}.
module Presign
  # The types that process-image reads, by extension. The type is part of the signature.
  TYPES = {
    'jpg' => 'image/jpeg', 'jpeg' => 'image/jpeg', 'png' => 'image/png', 'webp' => 'image/webp', 'gif' => 'image/gif'
  }.freeze
  EXPIRES = 5 * 60

  # The caller's mistake, with the status to respond with.
  class Refusal < StandardError
    attr_reader :status, :code

    def initialize(status, code, message)
      super(message)
      @status = status
      @code = code
    end
  end

  # Answers an event of an HTTP API (payload 2.0). It uses only the bucket, and only to sign.
  class Handler
    def initialize(bucket:, origins:, folder: '', max_bytes: 20 * 1024 * 1024, log: $stdout)
      @bucket = bucket
      @origins = origins.map(&:strip).reject(&:empty?)
      @folder = folder.gsub(%r{\A/+|/+\z}, '')
      @max_bytes = max_bytes
      @log = log
    end

    def call(event)
      status, body = respond(event)
      { 'statusCode' => status, 'headers' => headers(event), 'body' => body && JSON.generate(body) }.compact
    end

    private

    def respond(event)
      case event.dig('requestContext', 'http', 'method')
      when 'OPTIONS' then [204, nil]
      when 'POST' then [200, signed(subject(event), wish(event))]
      else raise Refusal.new(405, 'METHOD', 'POST or OPTIONS')
      end
    rescue Refusal => e
      # Only the code, because a request's headers and body contain a token and a name.
      @log.puts(JSON.generate(message: 'refused', code: e.code))
      [e.status, { error: { code: e.code, message: e.message } }]
    end

    # Verified by the authorizer; the client's own headers and body don't count.
    def subject(event)
      sub = event.dig('requestContext', 'authorizer', 'lambda', 'sub')
      return sub if sub.is_a?(String) && sub.match?(/\A[A-Za-z0-9_-]{1,128}\z/)

      raise Refusal.new(401, 'UNAUTHORIZED', 'sign in first')
    end

    def wish(event)
      body = event['body'].to_s
      body = Base64.decode64(body) if event['isBase64Encoded']
      wish = JSON.parse(body)
      raise JSON::ParserError unless wish.is_a?(Hash)

      wish
    rescue JSON::ParserError
      raise Refusal.new(400, 'BAD_REQUEST', 'the body has to be a JSON object: {"extension": "jpg"}')
    end

    def signed(sub, wish)
      extension = wish['extension'].to_s.downcase.delete_prefix('.')
      type = TYPES[extension]
      raise Refusal.new(415, 'EXTENSION', "an avatar is a file of type #{TYPES.keys.join(', ')}") unless type

      object = @bucket.object([@folder, "#{sub}.#{extension}"].reject(&:empty?).join('/'))
      case wish.fetch('method', 'PUT')
      when 'PUT' then put(object, type)
      when 'POST' then post(object, type)
      else raise Refusal.new(400, 'BAD_REQUEST', 'method has to be PUT or POST')
      end
    end

    # The client must send the same content type, because it is a signed header.
    def put(object, type)
      { url: object.presigned_url(:put, expires_in: EXPIRES, content_type: type) }
    end

    # S3 itself checks the length of a form upload.
    def post(object, type)
      post = object.presigned_post(
        content_type: type,
        content_length_range: 1..@max_bytes,
        signature_expiration: Time.now + EXPIRES
      )
      { url: post.url, fields: post.fields }
    end

    def headers(event)
      origin = event.dig('headers', 'origin')
      common = { 'content-type' => 'application/json', 'cache-control' => 'no-store', 'vary' => 'Origin' }
      return common unless @origins.include?(origin)

      common.merge(
        'access-control-allow-origin' => origin,
        'access-control-allow-methods' => 'OPTIONS,POST',
        'access-control-allow-headers' => 'authorization,content-type',
        'access-control-max-age' => '3600'
      )
    end
  end
end
