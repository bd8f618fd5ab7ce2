'use strict';

const { Failure } = require('./failure');

// S3 in EventBridge in SNS in SQS is three levels deep; nobody needs more.
const NESTING = 4;

/**
 * Reads an invocation's event, a notification of S3 alone or wrapped: a list of `{ item, record }` or
 * `{ item, failure }`, where `item` is the SQS message that it came in.
 *
 * A record that can't be read is a failure of its own and doesn't affect the others. Unknown fields are ignored.
 */
function readEvent(event) {
  if (Array.isArray(event?.Records) && event.Records[0]?.eventSource === 'aws:sqs') {
    return event.Records.flatMap((message) => {
      const item = typeof message?.messageId === 'string' ? message.messageId : undefined;
      return embedded(message, 'body', NESTING).map((entry) => ({ item, ...entry }));
    });
  }
  return notification(event, NESTING);
}

/** The notification in a field, as text. */
function embedded(envelope, field, depth) {
  if (depth === 0) return bad('envelopes are nested too deeply');
  const text = envelope?.[field];
  if (typeof text !== 'string') return bad(`\`${field}\` is missing`);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad(`\`${field}\` is not JSON: ${error.message}`);
  }
  return notification(value, depth - 1);
}

function notification(value, depth) {
  if (Array.isArray(value?.Records)) {
    return value.Records.flatMap((record) =>
      record?.Sns === undefined ? read(fromS3, record) : embedded(record.Sns, 'Message', depth),
    );
  }
  if (value?.Event === 's3:TestEvent') return [];
  if (value?.Type === 'Notification') return embedded(value, 'Message', depth); // SNS, delivered to SQS
  if (value?.source === 'aws.s3') return read(fromEventBridge, value);
  return bad('expected a notification of S3, SQS, SNS or EventBridge');
}

function read(how, value) {
  try {
    return [{ record: how(value) }];
  } catch (error) {
    return bad(error.message);
  }
}

function bad(reason) {
  return [{ failure: new Failure('poison', 'BAD_EVENT', reason) }];
}

function fromS3({ eventVersion, eventName, eventTime, s3 }) {
  if (typeof s3?.object !== 'object' || typeof s3.bucket !== 'object')
    throw new Error('not an S3 record: no bucket, or no object');
  // "The major version is incremented if Amazon S3 makes a change … that isn't backward compatible."
  if (!/^2(\.|$)/.test(eventVersion ?? '2.0')) throw new Error(`expected event version 2.x, came ${eventVersion}`);
  const name = required(eventName, 'eventName').replace(/^s3:/, '');
  const kind =
    { ObjectCreated: 'created', ObjectRemoved: 'removed', LifecycleExpiration: 'removed' }[name.split(':')[0]] ??
    'other';
  const object = s3.object;
  return source(kind, s3.bucket, {
    ...object,
    key: decodeKey(required(object.key, 'key')),
    etag: object.eTag,
    version: object.versionId,
    time: eventTime,
  });
}

/** EventBridge does not encode keys. */
function fromEventBridge({ 'detail-type': type, time, detail }) {
  if (typeof detail?.object !== 'object' || typeof detail.bucket !== 'object')
    throw new Error('not an EventBridge event of S3: no bucket, or no object');
  const kind = { 'Object Created': 'created', 'Object Deleted': 'removed' }[required(type, 'detail-type')] ?? 'other';
  return source(kind, detail.bucket, {
    ...detail.object,
    key: required(detail.object.key, 'key'),
    version: detail.object['version-id'],
    time,
  });
}

function source(kind, { name }, { key, size, etag, version, sequencer, time }) {
  const bucket = required(name, 'bucket');
  if (bucket === '' || key === '') throw new Error('the bucket or the key is empty');
  if (size != null && !(Number.isSafeInteger(size) && size >= 0))
    throw new Error(`size has to be a whole number, not ${size}`);
  const id = optional(version, 'version');
  return {
    kind,
    bucket,
    key,
    size: size ?? undefined,
    etag: optional(etag, 'etag')?.replace(/^"+|"+$/g, '') || undefined,
    version: id === 'null' ? undefined : id || undefined,
    sequencer: optional(sequencer, 'sequencer'),
    time: millis(optional(time, 'time')),
  };
}

/** The milliseconds since 1970: the order of events of different keys. */
function millis(text) {
  const time = /^\d{4}-\d\d-\d\dT.*Z$/.test(text ?? '') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function required(value, name) {
  if (typeof value !== 'string') throw new Error(`${name} has to be a text`);
  return value;
}

function optional(value, name) {
  return value == null ? undefined : required(value, name);
}

/** Decodes form encoding: `+` is a space. Invalid escapes are left unchanged. */
function decodeKey(key) {
  const parts = key.replaceAll('+', ' ').split(/((?:%[0-9a-f]{2})+)/i);
  const bytes = parts.map((part, i) =>
    i % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part),
  );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(bytes));
  } catch {
    throw new Error(`the key is not UTF-8: ${key}`);
  }
}

module.exports = { readEvent, decodeKey };
