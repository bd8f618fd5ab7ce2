# frozen_string_literal: true

require 'aws-sdk-s3'
require_relative 'presign'

# Lambda's entry point: wires the environment and the SDK to the handler, once per sandbox.
HANDLER = Presign::Handler.new(
  bucket: Aws::S3::Bucket.new(
    ENV.fetch('UPLOADS_BUCKET_NAME'),
    # The local stack has its own endpoint, in path style.
    client: Aws::S3::Client.new(**{ endpoint: ENV['S3_ENDPOINT'], force_path_style: ENV.key?('S3_ENDPOINT') || nil }.compact)
  ),
  origins: ENV.fetch('ALLOWED_ORIGINS').split(','),
  folder: ENV.fetch('THUMBING_S3_FOLDER_INPUT', ''),
  max_bytes: Integer(ENV.fetch('MAX_INPUT_BYTES', 20 * 1024 * 1024))
)

def handler(event:, context:)
  HANDLER.call(event)
end
