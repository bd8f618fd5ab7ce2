'use strict';

const { S3Client } = require('@aws-sdk/client-s3');
const { transformMany } = require('keenpix');
const { readConfig } = require('./lib/config');
const { createHandler } = require('./lib/handler');
const { createStore } = require('./lib/store');
const { createRejects } = require('./lib/rejects');

const config = readConfig(process.env);
// The client backs off with jitter by itself; five tries outlast the usual SlowDown.
const s3 = new S3Client({ maxAttempts: 5, forcePathStyle: process.env.S3_FORCE_PATH_STYLE === 'true' });

exports.handler = createHandler({
  config,
  store: createStore(s3, config),
  transformMany,
  reject: createRejects(process.env.REJECTS_QUEUE_URL),
});
