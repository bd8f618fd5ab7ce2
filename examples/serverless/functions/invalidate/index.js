'use strict';

const { CloudFrontClient } = require('@aws-sdk/client-cloudfront');
const { S3Client } = require('@aws-sdk/client-s3');
const { createHandler } = require('./handler');

// AWS_ENDPOINT_URL_CLOUDFRONT and _S3, which the SDK reads itself, point to the local stack.
exports.handler = createHandler({
  cloudfront: new CloudFrontClient({}),
  s3: new S3Client({ forcePathStyle: process.env.S3_FORCE_PATH_STYLE === 'true' }),
  distribution: process.env.DISTRIBUTION_ID,
  folder: process.env.FOLDER_OUTPUT ?? 'avatars',
});
