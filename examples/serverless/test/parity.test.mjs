// process-image in Node and in Rust: the same events give the same requests, the same objects byte for byte, the same
// responses and the same reports. Each runs in its own runtime, over its own server.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { startFunction } from './runtime.mjs';
import { batch, keys, notification, startServer } from './s3-server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const example = join(here, '..');
const FUNCTIONS = {
  node: ['node', join(example, 'node_modules/aws-lambda-ric/bin/index.mjs'), 'index.handler'],
  rust: [process.env.PROCESS_IMAGE ?? join(root, 'target/debug/bootstrap')],
};
const photo = (name) => readFileSync(join(example, '../photos', name));
const recorded = (name) => JSON.parse(readFileSync(join(example, 'events', name), 'utf8'));

/** One of the functions, with its own server and queue. */
async function start(command, env) {
  const server = await startServer('uploads', 'assets');
  const reports = [];
  const queue = createServer(async (request, response) => {
    const { MessageBody, MessageAttributes } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const report = JSON.parse(MessageBody);
    reports.push({
      ...report,
      ...(report.code === 'BAD_EVENT' && { message: '' }),
      attribute: MessageAttributes.code.StringValue,
    });
    const md5 = createHash('md5').update(MessageBody).digest('hex');
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ MessageId: '1', MD5OfMessageBody: md5 }));
  }).listen(0, '127.0.0.1');
  await once(queue, 'listening');
  const address = `http://127.0.0.1:${queue.address().port}`;
  const account = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_ENDPOINT_URL_SQS: address,
    S3_FORCE_PATH_STYLE: 'true',
  };
  const run = ({ REJECTS, ...settings }) => {
    const rejects = REJECTS ? { REJECTS_QUEUE_URL: `${address}/123456789012/rejects` } : {};
    return startFunction(command, {
      cwd: join(example, 'functions/process-image'),
      env: { ...account, DEST_BUCKET_NAME: 'assets', ...settings, ...rejects },
    });
  };
  let running = await run(env);
  const restart = async (changed) => {
    await running.stop();
    running = await run({ ...env, ...changed });
  };
  const stop = async () => {
    await running.stop();
    queue.closeAllConnections();
    queue.close();
    await server.stop();
  };
  return { server, reports, invoke: (event) => running.invoke(event), restart, stop };
}

/**
 * Runs the steps with both functions and compares everything visible after each. A step takes a side and returns an
 * event.
 */
async function compare(t, env, steps, buckets = ['assets']) {
  const sides = await Promise.all(Object.values(FUNCTIONS).map((command) => start(command, env)));
  t.after(() => Promise.all(sides.map((side) => side.stop())));
  for (const [name, step] of Object.entries(steps)) {
    const seen = await Promise.all(
      sides.map(async (side) => {
        side.server.calls.length = 0;
        side.server.on(() => undefined);
        const event = await step(side);
        const { answer, error } = await side.invoke(event);
        const objects = (await Promise.all(buckets.map((bucket) => side.server.list(bucket)))).flat();
        const calls = side.server.calls.map(({ method, bucket, key }) => `${method} ${bucket}/${key}`);
        return {
          answer,
          error: error && { code: error.errorType, message: plain(error.errorMessage) },
          objects: objects.map(comparable),
          reports: [...side.reports],
          // Requests that are sent at the same time arrive in any order.
          calls: calls.sort(),
        };
      }),
    );
    assert.deepEqual(seen[0], seen[1], name);
    assert.ok(seen[0].answer || seen[0].error, name);
    t.diagnostic(
      `${name}: ${seen[0].calls.length} requests, ${seen[0].objects.length} objects, ${seen[0].error?.code ?? 'answered'}`,
    );
  }
}

// The wording of network errors and JSON parsers differs between SDKs, and what a build reads between the two builds.
const plain = (message) =>
  message.replace(/(S3_[A-Z_]+|BAD_EVENT): .*/, '$1').replace(/; it reads [^(]*/, '; it reads … ');

/** All of an object, except the time in a ledger page until which a try may run. */
function comparable({ body, ...object }) {
  const text = object.contentType === 'application/json';
  // Images that are written at the same time get their times in any order.
  if (!text && object.metadata['source-id']) delete object.modified;
  if (!object.key.includes('/tries/'))
    return { ...object, body: text ? body.toString() : createHash('sha256').update(body).digest('hex') };
  const { key, contentType, cacheControl, metadata } = object;
  return { key, contentType, cacheControl, metadata, tries: JSON.parse(body).tries };
}

const expected = recorded('expected.json');
const groups = Map.groupBy?.(expected.cases, ({ config }) => JSON.stringify(config ?? {})) ?? group(expected.cases);
function group(cases) {
  const found = new Map();
  for (const one of cases) {
    const name = JSON.stringify(one.config ?? {});
    found.set(name, [...(found.get(name) ?? []), one]);
  }
  return found;
}

for (const [config, cases] of groups) {
  test(`the recorded events, with ${config}`, async (t) => {
    const steps = Object.fromEntries(cases.map((each) => [each.event, (side) => prepared(side, each)]));
    const buckets = [
      ...new Set(['assets.example.com', ...cases.flatMap(({ records }) => records.map(({ bucket }) => bucket))]),
    ];
    await compare(t, { ...expected.config, ...JSON.parse(config) }, steps, buckets);
  });
}

/** Uploads an event's objects and corrects the event: the recorded ETags and versions belong to other photos. */
async function prepared({ server }, { event, records }) {
  let text = JSON.stringify(recorded(event));
  await server.bucket('assets.example.com');
  for (const { action, bucket, key, etag, version } of records) {
    await server.bucket(bucket);
    if (action !== 'process') continue;
    const put = await server.put(bucket, key, photo('grey.jpg'));
    if (etag) text = text.replaceAll(etag, put.etag);
    if (version) text = text.replaceAll(version, 'null');
  }
  return JSON.parse(text);
}

const put =
  (key, body) =>
  async ({ server }) =>
    notification(await server.put('uploads', key, body));
const remove =
  (key) =>
  async ({ server }) =>
    notification(await server.delete('uploads', key));
const again = (step) => {
  const events = new WeakMap();
  const first = async (side) => events.set(side, await step(side)).get(side);
  return [first, (side) => events.get(side)];
};

function life() {
  const [first, firstAgain] = again(put('a b+ü.jpg', photo('portrait-orientation-6.jpg')));
  const [poison, poisonAgain] = again(put('a b+ü.jpg', '<html>not a photo</html>'));
  const late = async ({ server }) => {
    const event = notification(await server.put('uploads', 'late.png', photo('coffee.png')));
    await server.put('uploads', 'late.png', photo('grey.jpg'));
    return event;
  };
  const mixed = async ({ server }) =>
    batch(
      notification(await server.put('uploads', 'one.jpg', photo('grey.jpg'))),
      notification(await server.put('uploads', 'two.jpg', 'text')),
      'no JSON',
      { Event: 's3:TestEvent' },
    );
  return {
    first,
    'the same again': firstAgain,
    'another photo': put('a b+ü.jpg', photo('landscape.jpg')),
    'the first, late': firstAgain,
    poison,
    'poison again': poisonAgain,
    'a photo after poison': put('a b+ü.jpg', photo('coffee.png')),
    'replaced before it is read': late,
    'the same avatar by another name': put('late.jpg', photo('coffee.png')),
    'and by a third, within a second': async (side) => {
      await side.server.tick(300);
      return put('late.webp', photo('grey.jpg'))(side);
    },
    'and by a fourth, earlier': async (side) => {
      const event = await put('late.gif', photo('landscape.jpg'))(side);
      event.Records[0].eventTime = new Date(Date.parse(event.Records[0].eventTime) - 600).toISOString();
      await side.server.tick(1000);
      return event;
    },
    deleted: remove('a b+ü.jpg'),
    'an event of what is deleted': firstAgain,
    empty: put('empty.jpg', ''),
    'too large': put('large.jpg', Buffer.alloc(3_000_001, 1)),
    'a bomb': put('bomb.png', bomb()),
    'of a format that not every build reads': put('a.avif', avif()),
    'cut off': put('cut.jpg', photo('landscape.jpg').subarray(0, 4000)),
    'a batch': mixed,
    'no event': () => ({ what: 'ever' }),
    'a marker': put('folder/', ''),
  };
}

const LIMITS = { MAX_INPUT_BYTES: '3000000', EXTRA_WIDTHS: '128, 64' };
const SETTINGS = {
  'the defaults': {},
  'a status and a queue for rejects, as CDK deploys it': { ...LIMITS, WRITE_STATUS: 'true', REJECTS: true },
  'a status without a queue': { ...LIMITS, WRITE_STATUS: 'true', FOLDER_OUTPUT: '' },
  'a ledger and a queue': { ...LIMITS, WRITE_STATUS: 'true', LEDGER_PREFIX: 'ledger/', REJECTS: true },
  'a ledger alone': { ...LIMITS, LEDGER_PREFIX: 'ledger/' },
  'names made of content, in WebP': {
    ...LIMITS,
    KEY_TEMPLATE: '{folder}/{name}/{hash}-{width}.{format}',
    PROCESS_FORMAT: 'webp',
    PROCESS_QUALITY: '70',
    REJECTS: true,
  },
  'several formats, of the part that draws attention': {
    ...LIMITS,
    PROCESS_FORMAT: 'webp,jpeg',
    PROCESS_POSITION: 'attention',
    WRITE_STATUS: 'true',
  },
  'other sizes and names, in PNG': {
    ...LIMITS,
    PROCESS_WIDTH: '300',
    PROCESS_HEIGHT: '201',
    KEY_TEMPLATE: 'x/{sub}-{dir}{name}.{ext}.{height}.{format}',
    PROCESS_FORMAT: 'png',
    CACHE_CONTROL: 'no-store',
  },
  'one bucket, which feeds itself': { DEST_BUCKET_NAME: 'uploads', REJECTS: true },
};
for (const [name, env] of Object.entries(SETTINGS)) {
  test(`the life of an avatar: ${name}`, (t) => compare(t, env, life(), ['assets', 'uploads']));
}

test('under other settings what was rejected is tried again', async (t) => {
  const [poison, poisonAgain] = again(put('me.jpg', '<html>not a photo</html>'));
  const restarted = (changed, step) => async (side) => {
    await side.restart(changed);
    return step(side);
  };
  const settings = { WRITE_STATUS: 'true', LEDGER_PREFIX: 'ledger/', REJECTS: true };
  await compare(t, settings, {
    poison,
    'poison again': poisonAgain,
    'poison under other settings': restarted({ PROCESS_WIDTH: '300' }, poisonAgain),
    'poison again under these': poisonAgain,
    'poison under the former settings': restarted({}, poisonAgain),
  });
});

test('wrong settings end the function before its first event', async (t) => {
  for (const command of Object.values(FUNCTIONS)) {
    const side = await start(command, { PROCESS_FORMAT: 'webp', PROCESS_WIDTH: '20000' });
    t.after(() => side.stop());
    // A runtime reports it, or the process ends with it.
    const said = await side.invoke({}).then(
      ({ error }) => error?.errorMessage,
      (error) => error.message,
    );
    assert.match(said, /PROCESS_WIDTH has to be .*16383/);
  }
});

test('faults in between', async (t) => {
  const with_ = (fault, step) => (side) => {
    side.server.on(fault);
    return step(side);
  };
  const [stuck, stuckAgain] = again(put('stuck.jpg', photo('grey.jpg')));
  await compare(
    t,
    { WRITE_STATUS: 'true', REJECTS: true },
    {
      'slow down': with_(
        (_, before) => (before < 2 ? { status: 503, code: 'SlowDown' } : undefined),
        put('a.jpg', photo('grey.jpg')),
      ),
      'slow down without an end': with_(
        ({ method }) => (method === 'GET' ? { status: 503, code: 'SlowDown' } : undefined),
        stuck,
      ),
      'the same event afterwards': stuckAgain,
      'cut off twice': with_(
        ({ method }, before) => (method === 'GET' && before < 2 ? { cut: 50 } : undefined),
        put('b.jpg', photo('grey.jpg')),
      ),
      'a conflict': with_(
        ({ method }, before) =>
          method === 'PUT' && before === 0 ? { status: 409, code: 'ConditionalRequestConflict' } : undefined,
        put('c.jpg', photo('grey.jpg')),
      ),
      'a lost answer': with_(
        ({ method }, before) => (method === 'PUT' && before === 0 ? 'lose' : undefined),
        put('d.jpg', photo('grey.jpg')),
      ),
      forbidden: with_(
        ({ method }) => (method === 'GET' ? { status: 403, code: 'AccessDenied' } : undefined),
        put('e.jpg', photo('grey.jpg')),
      ),
      'replaced while it is read': async (side) => {
        const event = notification(await side.server.put('uploads', 'f.jpg', photo('grey.jpg')));
        side.server.on(
          async ({ method }, before) =>
            void (method === 'GET' && before === 0 && (await side.server.put('uploads', 'f.jpg', photo('coffee.png')))),
        );
        return event;
      },
    },
  );
});

/** The start of an AVIF. */
function avif() {
  return Buffer.from('\0\0\0\x18ftypavif\0\0\0\0avifmif1', 'latin1');
}

/** A PNG header without pixels. */
function bomb() {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const number = (value) => Buffer.from(Uint32Array.of(value).buffer).swap32();
    return Buffer.concat([number(data.length), body, number(crc32(body))]);
  };
  const header = Buffer.from('0000ea600000ea600802000000', 'hex');
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IEND', Buffer.alloc(0))]);
}
