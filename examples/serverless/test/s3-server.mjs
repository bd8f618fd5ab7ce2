// The project's S3 server (s3-server) for tests in Node: real HTTP, with faults that the test chooses before each
// request.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const program = process.env.S3_SERVER ?? join(root, 'target/debug/keenpix-s3-server');

export const keys = { accessKeyId: 'test', secretAccessKey: 'secret' };

/**
 * A server with these buckets, where each write is a second after the one before it. `on(fault)` sets the function that
 * chooses the fault of each request: `fault({ method, bucket, key }, before)`, where `before` counts earlier requests
 * with the same method and key, returns undefined for none, `{ status, code }`, `'drop'`, `'lose'`, `{ cut }` or
 * `{ piece, pause }`, or a promise of one. `calls` lists the requests.
 */
export async function startServer(...buckets) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.on('exit', done));
  const waiting = new Map();
  const server = { calls: [] };
  let count = 0;
  let fault = () => undefined;
  const say = (line) => child.stdin.write(`${JSON.stringify(line)}\n`);
  const order = (what, more) =>
    new Promise((done) => {
      waiting.set(++count, done);
      say({ id: count, do: what, ...more });
    });
  const met = async ({ call, ...request }) => {
    const before = server.calls.filter(({ method, key }) => method === request.method && key === request.key).length;
    server.calls.push(request);
    say({ answer: call, fault: (await fault(request, before)) ?? null });
  };
  server.endpoint = await new Promise((ready, fail) => {
    ended.then((code) => fail(new Error(`the server ended with ${code}`)));
    child.on('error', fail);
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text);
      if (line.endpoint) ready(line.endpoint);
      else if (line.call !== undefined) met(line);
      else waiting.get(line.id)(line.value);
    });
  });
  Object.assign(server, {
    bucket: (bucket, versioned = false) => order('bucket', { bucket, versioned }),
    /** Uploads, and returns the event: `{ etag, version, sequencer, record, eventbridge }`. */
    put: (bucket, key, body) => order('put', { bucket, key, body: Buffer.from(body).toString('base64') }),
    delete: (bucket, key) => order('delete', { bucket, key }),
    /** Sets how long each write is after the one before it; a second at first. */
    tick: (milliseconds) => order('tick', { milliseconds }),
    /** Answers every request so late, and asks about faults no longer. */
    delay: (milliseconds) => order('delay', { milliseconds }),
    /** Objects with everything known about them, `body` as a Buffer. */
    list: async (bucket, prefix = '') =>
      (await order('list', { bucket, prefix })).map((object) => ({
        ...object,
        body: Buffer.from(object.body, 'base64'),
      })),
    on: (next) => (fault = next),
    client: (more) =>
      new S3Client({
        endpoint: server.endpoint,
        region: 'us-east-1',
        credentials: keys,
        forcePathStyle: true,
        maxAttempts: 1,
        ...more,
      }),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  });
  for (const bucket of buckets) await server.bucket(bucket);
  await order('ask');
  return server;
}

/** An S3 notification with the records of these events. */
export const notification = (...events) => ({ Records: events.map(({ record }) => record) });

/** A batch of SQS messages with these bodies; their ids are m1, m2, … */
export const batch = (...bodies) => ({
  Records: bodies.map((body, i) => ({
    messageId: `m${i + 1}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:uploads',
  })),
});
