# frozen_string_literal: true

require 'aws-sdk-s3'
require_relative 'presign'

# What Lambda calls: wires the environment and the SDK to the handler, once for each sandbox.
HANDLER = Presign::Handler.new(
  bucket: Aws::S3::Bucket.new(
    ENV.fetch('UPLOADS_BUCKET_NAME'),
    # An endpoint of its own, in path style, is what the local stack has.
    client: Aws::S3::Client.new(**{ endpoint: ENV['S3_ENDPOINT'], force_path_style: ENV.key?('S3_ENDPOINT') || nil }.compact)
  ),
  origins: ENV.fetch('ALLOWED_ORIGINS').split(','),
  folder: ENV.fetch('THUMBING_S3_FOLDER_INPUT', ''),
  max_bytes: Integer(ENV.fetch('MAX_INPUT_BYTES', 20 * 1024 * 1024))
)

def handler(event:, context:)
  HANDLER.call(event)
end
