'use strict';

const { S3Client } = require('@aws-sdk/client-s3');
const { canonicalPlan, transformMany } = require('keenpix');
const { readConfig } = require('./lib/config');
const { createHandler } = require('./lib/handler');
const { createStore } = require('./lib/store');
const { createRejects } = require('./lib/rejects');

const config = readConfig(process.env, canonicalPlan);
// The store has its own retries, which know the deadline and also repeat interrupted bodies.
const s3 = new S3Client({ maxAttempts: 1, forcePathStyle: process.env.S3_FORCE_PATH_STYLE === 'true' });

exports.handler = createHandler({
  config,
  store: createStore(s3),
  transformMany,
  reject: createRejects(config.rejects),
});
