'use strict';

const { createHash } = require('node:crypto');
const { CreateInvalidationCommand } = require('@aws-sdk/client-cloudfront');
const { GetObjectCommand } = require('@aws-sdk/client-s3');

/**
 * Invalidates an avatar that has replaced another, or is gone: with one path for each, because CloudFront's price is by
 * the path. A first upload invalidates nothing, because nothing of it can be cached.
 *
 * It acts on the status, which is written after all the sizes and says whether there was something before. The caller
 * reference is derived from the changes, so an event that is delivered twice makes one invalidation.
 */
function createHandler({ cloudfront, s3, distribution, folder, log = console }) {
  return async function invalidate(event) {
    const changes = notifications(event)
      .flatMap(({ Records }) => Records ?? [])
      .map(change)
      .filter((each) => each?.key.startsWith(`${folder}/`) && each.key.endsWith('.json'));
    const paths = [...new Set((await Promise.all(changes.map((each) => stale(each, s3)))).flat())];
    if (paths.length === 0) return { paths };

    const reference = createHash('sha256').update(JSON.stringify(changes)).digest('hex');
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

/** The paths that may have older copies. */
async function stale({ bucket, key, removed }, s3) {
  const name = key.slice(0, -'.json'.length);
  const all = `${path(name)}*`;
  if (removed) return [all];
  try {
    const { Metadata, Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = await Body.transformToString();
    if (Metadata?.replaced !== 'true') return [];
    const { files = [] } = JSON.parse(text);
    // Key templates may put files elsewhere.
    return [all, ...files.filter((file) => !file.key.startsWith(name)).map((file) => path(file.key))];
  } catch (error) {
    if (error.$metadata?.httpStatusCode === 404) return []; // removed since: its own event comes
    throw error;
  }
}

/** The bucket's notifications, sent directly or through a topic. */
function notifications(event) {
  const records = event?.Records ?? [];
  return records.some(({ Sns }) => Sns) ? records.map(({ Sns }) => JSON.parse(Sns.Message)) : [event ?? {}];
}

function change({ eventName = '', s3 }) {
  const [, kind] = /^(?:s3:)?Object(Created|Removed):/.exec(eventName) ?? [];
  if (!kind || !s3?.object?.key) return undefined;
  return {
    bucket: s3.bucket?.name,
    key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
    removed: kind === 'Removed',
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
