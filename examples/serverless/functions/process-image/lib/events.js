'use strict';

const { Failure } = require('./failure');

/**
 * Reads a notification, alone or wrapped: `{ envelope, records, failures }`.
 *
 * What can't be read is a failure of its own and leaves its neighbours alone. Unknown fields are ignored; of the known ones
 * only bucket and key are needed.
 */
function readEvent(event) {
  const found = { envelope: envelope(event), records: [], failures: [] };
  if (found.envelope === 'sqs') {
    for (const message of event.Records) collect(found, () => parse(message.body), message.messageId);
  } else if (found.envelope === 'sns') {
    for (const { Sns } of event.Records) collect(found, () => parse(Sns?.Message));
  } else {
    collect(found, () => event);
  }
  return found;
}

function envelope(event) {
  if (isTest(event)) return 'test';
  if (isEventBridge(event)) return 'eventbridge';
  if (!Array.isArray(event?.Records)) return 'unknown';
  const source = event.Records[0]?.eventSource ?? event.Records[0]?.EventSource;
  return { 'aws:sqs': 'sqs', 'aws:sns': 'sns' }[source] ?? 's3';
}

function collect(found, body, item) {
  try {
    const inner = unwrapTopic(body());
    if (isTest(inner)) return;
    if (isEventBridge(inner)) found.records.push({ ...fromEventBridge(inner), item });
    else if (Array.isArray(inner?.Records)) inner.Records.forEach((record) => collectRecord(found, record, item));
    else throw new Failure('BAD_EVENT', 'neither a notification of S3 nor one of EventBridge');
  } catch (error) {
    found.failures.push(asFailure(error, item));
  }
}

function collectRecord(found, record, item) {
  try {
    found.records.push({ ...fromS3(record), item });
  } catch (error) {
    found.failures.push(asFailure(error, item));
  }
}

/** A topic that feeds a queue wraps once more, unless the subscription asks for raw delivery. */
function unwrapTopic(body) {
  return body?.Type === 'Notification' && typeof body.Message === 'string' ? parse(body.Message) : body;
}

function fromS3({ eventName, s3 } = {}) {
  const name = String(eventName ?? '').replace(/^s3:/, '');
  const object = s3?.object ?? {};
  return source({
    kind: /^ObjectCreated:/.test(name) ? 'created' : /^(ObjectRemoved|LifecycleExpiration):/.test(name) ? 'removed' : 'other',
    bucket: s3?.bucket?.name,
    key: typeof object.key === 'string' ? decodeKey(object.key) : undefined,
    size: object.size,
    etag: object.eTag,
    version: object.versionId,
    sequencer: object.sequencer,
  });
}

/** EventBridge does not encode keys. */
function fromEventBridge({ 'detail-type': type, detail }) {
  const object = detail?.object ?? {};
  return source({
    kind: { 'Object Created': 'created', 'Object Deleted': 'removed' }[type] ?? 'other',
    bucket: detail?.bucket?.name,
    key: object.key,
    size: object.size,
    etag: object.etag,
    version: object['version-id'],
    sequencer: object.sequencer,
  });
}

function source({ kind, bucket, key, size, etag, version, sequencer }) {
  if (typeof bucket !== 'string' || bucket === '') throw new Failure('BAD_EVENT', 'a record without a bucket');
  if (typeof key !== 'string' || key === '') throw new Failure('BAD_EVENT', 'a record without a key');
  const text = (value) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    kind,
    bucket,
    key,
    size: Number.isSafeInteger(size) ? size : undefined,
    etag: text(etag)?.replaceAll('"', ''),
    version: text(version),
    sequencer: text(sequencer),
  };
}

/** Form-encoded: `+` is a space. An escape that is none stays as it stands, so that no key makes the function fail. */
function decodeKey(key) {
  return key.replaceAll('+', ' ').replace(/(%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'));
}

function isTest(event) {
  return event?.Event === 's3:TestEvent';
}

function isEventBridge(event) {
  return event?.source === 'aws.s3' && event.detail !== undefined;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('BAD_EVENT', 'the message is no JSON');
  }
}

function asFailure(error, item) {
  const failure = error instanceof Failure ? error : new Failure('BAD_EVENT', error.message);
  failure.item = item;
  return failure;
}

module.exports = { readEvent, decodeKey };
