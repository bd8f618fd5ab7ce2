# frozen_string_literal: true

require 'aws-sdk-s3'
require_relative 'presign'

# What Lambda calls: wires the environment and the SDK to the handler, once for each sandbox.
HANDLER = Presign::Handler.new(
  bucket: Aws::S3::Bucket.new(
    ENV.fetch('UPLOADS_BUCKET_NAME'),
    client: Aws::S3::Client.new(force_path_style: ENV['S3_FORCE_PATH_STYLE'] == 'true')
  ),
  origins: ENV.fetch('ALLOWED_ORIGINS').split(','),
  folder: ENV.fetch('THUMBING_S3_FOLDER_INPUT', ''),
  max_bytes: Integer(ENV.fetch('MAX_INPUT_BYTES', 20 * 1024 * 1024))
)

def handler(event:, context:)
  HANDLER.call(event)
end
