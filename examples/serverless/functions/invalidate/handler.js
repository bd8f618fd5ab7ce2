'use strict';

const { createHash } = require('node:crypto');
const { CreateInvalidationCommand } = require('@aws-sdk/client-cloudfront');

/**
 * Invalidates what changed in the assets bucket, with one request per event.
 *
 * The caller reference is derived from the changes, so an event that is delivered twice makes one invalidation.
 */
function createHandler({ cloudfront, distribution, folder, log = console }) {
  return async function invalidate(event) {
    const changes = notifications(event)
      .flatMap(({ Records }) => Records ?? [])
      .map(change)
      .filter(Boolean);
    const own = changes.filter(({ key }) => key.startsWith(`${folder}/`));
    const paths = [...new Set(own.map(({ key }) => path(key)))];
    if (paths.length === 0) return { paths };

    const reference = createHash('sha256').update(JSON.stringify(own)).digest('hex');
    await cloudfront.send(
      new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: { CallerReference: reference, Paths: { Quantity: paths.length, Items: paths } },
      }),
    );
    log.info(JSON.stringify({ message: 'invalidated', paths }));
    return { paths };
  };
}

/** The bucket's notifications, sent directly or through a topic. */
function notifications(event) {
  const records = event?.Records ?? [];
  return records.some(({ Sns }) => Sns) ? records.map(({ Sns }) => JSON.parse(Sns.Message)) : [event ?? {}];
}

function change({ eventName = '', s3 }) {
  if (!/^(s3:)?Object(Created|Removed):/.test(eventName) || !s3?.object?.key) return undefined;
  return {
    key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
    sequencer: s3.object.sequencer,
    etag: s3.object.eTag,
  };
}

/** CloudFront expects URL-encoded paths; a star would be a wildcard. */
function path(key) {
  return `/${key
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('*', '%2A'))
    .join('/')}`;
}

module.exports = { createHandler };
