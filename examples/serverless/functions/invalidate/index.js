'use strict';

const { CloudFrontClient } = require('@aws-sdk/client-cloudfront');
const { createHandler } = require('./handler');

// AWS_ENDPOINT_URL_CLOUDFRONT, which the SDK reads itself, points to the local stack's CDN.
exports.handler = createHandler({
  cloudfront: new CloudFrontClient({}),
  distribution: process.env.DISTRIBUTION_ID,
  folder: process.env.FOLDER_OUTPUT ?? 'avatars',
});
