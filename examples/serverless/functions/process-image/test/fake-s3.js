'use strict';

const { createHash } = require('node:crypto');
const { Readable } = require('node:stream');

/** An S3 in memory: the four commands with their conditions, an account of what was asked, and places to put faults. */
class FakeS3 {
  objects = new Map();
  calls = [];
  /** Called before each request: throw to fail it, change `objects` to be another client. */
  before = () => {};
  /** Makes the stream of a body. */
  body = (bytes) => Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]);

  put(bucket, key, bytes, { metadata = {}, version, modified = new Date('2025-06-01T12:00:00Z') } = {}) {
    const body = Buffer.from(bytes);
    const etag = createHash('md5').update(body).digest('hex');
    this.objects.set(`${bucket}/${key}`, { body, etag, metadata, version, modified });
    return etag;
  }

  delete(bucket, key) {
    this.objects.delete(`${bucket}/${key}`);
  }

  async send(command) {
    const { input } = command;
    const name = command.constructor.name.replace('ObjectCommand', '');
    this.calls.push(`${name} ${input.Bucket}/${input.Key}`);
    await this.before(name, input, this.calls.length);
    const found = this.objects.get(`${input.Bucket}/${input.Key}`);
    const tag = found && `"${found.etag}"`;
    if ((input.IfMatch && found && input.IfMatch !== tag) || (input.IfNoneMatch === '*' && found)) throw fault(412, 'PreconditionFailed');
    if (name === 'Put') return void this.objects.set(`${input.Bucket}/${input.Key}`, this.#stored(input, found));
    if (name === 'Delete') return void this.objects.delete(`${input.Bucket}/${input.Key}`);
    if (!found || (input.VersionId && input.VersionId !== found.version)) throw fault(404, name === 'Get' ? 'NoSuchKey' : 'NotFound');
    const { body, metadata, version, modified } = found;
    const head = { ETag: tag, ContentLength: body.length, Metadata: metadata, VersionId: version, LastModified: modified };
    return name === 'Get' ? { ...head, Body: this.body(body) } : head;
  }

  #stored(input, found) {
    if (input.IfMatch && !found) throw fault(404, 'NoSuchKey');
    const body = Buffer.from(input.Body);
    const etag = createHash('md5').update(body).digest('hex');
    return { body, etag, metadata: input.Metadata, modified: new Date(), type: input.ContentType, cache: input.CacheControl };
  }
}

function fault(status, name) {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}

module.exports = { FakeS3, fault };
