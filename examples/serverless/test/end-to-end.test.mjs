// Token → authorizer → presign (Ruby) → PUT → event → process-image → assets → invalidation; and every kind of refusal.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { probe } from 'keenpix';
import { photos, spawnStack, startStack, until } from './stack.mjs';

const PHOTO = readFileSync(join(photos, 'portrait-orientation-6.jpg'));
const OTHER = readFileSync(join(photos, 'landscape.jpg'));
// The tests also run with another program in place of the Node function.
const rust = process.env.PROCESS_IMAGE ? ['--process-image', process.env.PROCESS_IMAGE] : [];

let stack;
before(async () => (stack = await startStack({ args: ['--no-check', '--max-bytes', '5000000', ...rust] })));
after(() => stack.stop());

const signIn = async (query = '') => (await fetch(`${stack.page}/sign-in${query}`, { method: 'POST' })).json();

async function ask(body, { token, headers } = {}) {
  token ??= (await signIn()).token;
  return fetch(`${stack.api}/avatars/key_upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, origin: stack.page, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const urlFor = async (extension) => (await (await ask({ extension })).json()).url;
const put = (url, body, type) => fetch(url, { method: 'PUT', headers: { 'content-type': type }, body });
const hungUp = (cause) => /EPIPE|ECONNRESET|UND_ERR_SOCKET/.test(cause?.code);
const etagOf = (bytes) => createHash('md5').update(bytes).digest('hex');
const state = async () => (await fetch(`${stack.page}/local/state.json`)).json();

const statusOf = (etag) =>
  until(`the status of ${etag}`, async () => {
    const response = await fetch(`${stack.cdn}/avatars/demo-user.json`);
    const status = response.ok && (await response.json());
    return status && status.source.etag === etag && status;
  });

test('a photo becomes an avatar at every size, upright, with its headers', async () => {
  const uploaded = await put(await urlFor('jpg'), PHOTO, 'image/jpeg');
  assert.equal(uploaded.status, 200);
  assert.equal(uploaded.headers.get('etag'), `"${etagOf(PHOTO)}"`);
  const { state: done, files } = await statusOf(etagOf(PHOTO));
  assert.equal(done, 'ready');
  const expected = [
    ['avatars/demo-user.jpg', 512],
    ['avatars/demo-user-256.jpg', 256],
    ['avatars/demo-user-128.jpg', 128],
    ['avatars/demo-user-64.jpg', 64],
  ];
  assert.deepEqual(
    files.map(({ key }) => key),
    expected.map(([key]) => key),
  );
  for (const [key, width] of expected) {
    const response = await fetch(`${stack.cdn}/${key}`);
    assert.equal(response.headers.get('content-type'), 'image/jpeg');
    assert.match(response.headers.get('cache-control'), /s-maxage=/);
    const info = await probe(Buffer.from(await response.arrayBuffer()));
    assert.deepEqual([info.format, info.width, info.height], ['jpeg', width, width]);
  }
});

test('a new photo is invalidated at the CDN, and the old one is served no longer', async () => {
  await put(await urlFor('jpg'), PHOTO, 'image/jpeg');
  await statusOf(etagOf(PHOTO));
  const avatar = `${stack.cdn}/avatars/demo-user.jpg`;
  const old = await until('a hit', async () => {
    const response = await fetch(avatar);
    return response.headers.get('x-cache').startsWith('Hit') && response.headers.get('etag');
  });
  const before = (await state()).invalidations.length;
  await put(await urlFor('jpg'), OTHER, 'image/jpeg');
  await statusOf(etagOf(OTHER));
  await until('the new avatar', async () => (await fetch(avatar)).headers.get('etag') !== old);
  const { invalidations } = await state();
  // One path for each replacement, whatever its sizes.
  assert.deepEqual(
    invalidations.slice(before).flatMap(({ paths }) => paths),
    ['/avatars/demo-user*'],
  );
});

test('the same photo again is not made again', async () => {
  await put(await urlFor('jpg'), PHOTO, 'image/jpeg');
  await statusOf(etagOf(PHOTO));
  const handled = () => stack.lines.filter((line) => /process-image:.*"outcome"/.test(line)).length;
  const written = async () =>
    (
      await client().send(new HeadObjectCommand({ Bucket: 'assets.local', Key: 'avatars/demo-user.jpg' }))
    ).LastModified.getTime();
  const [before, first] = [handled(), await written()];
  await new Promise((done) => setTimeout(done, 1100)); // times of objects have whole seconds
  await put(await urlFor('jpg'), PHOTO, 'image/jpeg');
  await until('the second event', async () => handled() > before);
  assert.equal(await written(), first);
});

const POOL = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_local';

function foreignToken() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const body = `${part({ alg: 'ES256', kid: 'local' })}.${part({ iss: POOL, sub: 'demo-user', client_id: 'avatars', token_use: 'access', exp })}`;
  return `${body}.${sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

test('refused: no token, an expired one, one of a foreign key, one of no key', async () => {
  assert.equal(
    (await fetch(`${stack.api}/avatars/key_upload`, { method: 'POST', body: '{"extension":"jpg"}' })).status,
    401,
  );
  const expired = await signIn('?lifetime=-60');
  assert.equal((await ask({ extension: 'jpg' }, { token: expired.token })).status, 403);
  assert.equal((await ask({ extension: 'jpg' }, { token: foreignToken() })).status, 403);
  assert.equal((await ask({ extension: 'jpg' }, { token: 'x' })).status, 403);
});

test('refused: an extension off the list, and what is no wish', async () => {
  const svg = await ask({ extension: 'svg' });
  assert.deepEqual([svg.status, (await svg.json()).error.code], [415, 'EXTENSION']);
  assert.equal((await ask('no JSON')).status, 400);
});

test('refused: another content type, another key, another signature, none', async () => {
  const url = await urlFor('jpg');
  // A server that refuses may hang up before it has read the whole body.
  const refused = (to, type = 'image/jpeg') =>
    put(to, PHOTO, type).then(
      ({ status }) => status === 403,
      ({ cause }) => hungUp(cause),
    );
  assert.ok(await refused(url, 'text/html'));
  assert.ok(await refused(url.replace('demo-user.jpg', 'other-user.jpg')));
  assert.ok(await refused(url.replace(/.$/, (last) => (last === '0' ? '1' : '0'))));
  assert.ok(await refused(url.split('?')[0]));
});

test('refused: a URL that has expired', async () => {
  const s3 = client();
  const command = new PutObjectCommand({ Bucket: 'uploads.local', Key: 'demo-user.jpg', ContentType: 'image/jpeg' });
  const url = await getSignedUrl(s3, command, {
    expiresIn: 300,
    signingDate: new Date(Date.now() - 301_000),
    signableHeaders: new Set(['content-type']),
  });
  const response = await put(url, PHOTO, 'image/jpeg');
  assert.equal(response.status, 403);
  assert.match(await response.text(), /expired/i);
});

const bomb = pngHeader(60_000, 60_000);
for (const [what, bytes, code] of [
  ['a body over the limit', Buffer.alloc(5_000_001, 1), 'LIMIT_INPUT_BYTES'],
  ['what is no image', Buffer.from('<html>not a photo</html>'), 'NOT_AN_IMAGE'],
  ['an image bomb', bomb, 'LIMIT_PIXELS'],
]) {
  test(`rejected, with its code in the status and in the dead letters: ${what}`, async () => {
    assert.equal((await put(await urlFor('jpg'), bytes, 'image/jpeg')).status, 200);
    const status = await statusOf(etagOf(bytes));
    assert.deepEqual([status.state, status.code], ['rejected', code]);
    const letters = await until('the dead letter', async () => {
      // Sent by the function, or by the service after the last try.
      const etag = (letter) => letter.etag ?? letter.event?.Records?.[0].s3.object.eTag;
      const found = (await state()).deadLetters.filter((letter) => etag(letter) === etagOf(bytes));
      return found.length > 0 && found;
    });
    assert.equal(letters.length, 1);
    for (const said of [code, 'demo-user.jpg']) assert.ok(JSON.stringify(letters[0]).includes(said), said);
  });
}

test('a form upload is bound in length by its policy', async () => {
  const answer = await (await ask({ extension: 'png', method: 'POST' })).json();
  const send = (bytes) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(answer.fields)) form.append(name, value);
    form.append('file', new Blob([bytes]), 'photo.png');
    return fetch(answer.url, { method: 'POST', body: form });
  };
  assert.ok((await send(readFileSync(join(photos, 'coffee.png')))).ok);
  // A server that refuses may hang up before it has read the whole body.
  const refused = await send(Buffer.alloc(5_000_001)).then(
    ({ status }) => status >= 400,
    ({ cause }) => hungUp(cause),
  );
  assert.ok(refused);
});

test('uploads signed by the JavaScript SDK are taken, as URL and as form; tampered ones are not', async () => {
  const s3 = client();
  const url = await getSignedUrl(
    s3,
    new PutObjectCommand({ Bucket: 'uploads.local', Key: 'by-js.jpg', ContentType: 'image/jpeg' }),
    {
      expiresIn: 60,
      signableHeaders: new Set(['content-type']),
    },
  );
  assert.equal((await put(url, OTHER, 'image/jpeg')).status, 200);
  assert.equal((await put(url, OTHER, 'image/png')).status, 403);
  const { url: action, fields } = await createPresignedPost(s3, {
    Bucket: 'uploads.local',
    Key: 'form-by-js.jpg',
    Conditions: [['content-length-range', 1, 1000]],
    Expires: 60,
  });
  const form = (extra = {}) => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...extra })) data.append(name, value);
    data.append('file', new Blob(['small']));
    return fetch(action, { method: 'POST', body: data });
  };
  assert.ok((await form()).ok);
  assert.ok((await form({ key: 'other.jpg' })).status >= 400);
});

test('storage: conditions of reads and writes hold, anonymous readers see nothing', async () => {
  const s3 = client();
  const object = { Bucket: 'assets.local', Key: 'other/condition.txt' };
  const { ETag } = await s3.send(new PutObjectCommand({ ...object, Body: 'one', IfNoneMatch: '*' }));
  await assert.rejects(s3.send(new PutObjectCommand({ ...object, Body: 'two', IfNoneMatch: '*' })), {
    name: 'PreconditionFailed',
  });
  await assert.rejects(s3.send(new PutObjectCommand({ ...object, Body: 'two', IfMatch: '"0"' })), {
    name: 'PreconditionFailed',
  });
  await assert.rejects(s3.send(new GetObjectCommand({ ...object, IfMatch: '"0"' })), { name: 'PreconditionFailed' });
  await s3.send(new PutObjectCommand({ ...object, Body: 'two', IfMatch: ETag }));
  assert.equal((await s3.send(new HeadObjectCommand(object))).ContentLength, 3);
  assert.equal((await fetch(`${stack.s3}/assets.local/other/condition.txt`)).status, 403);
});

test('the preflight: the page may ask and put, other origins may not', async () => {
  const preflight = (url, origin, method) =>
    fetch(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type' },
    });
  const upload = `${stack.api}/avatars/key_upload`;
  assert.equal((await preflight(upload, stack.page, 'POST')).headers.get('access-control-allow-origin'), stack.page);
  assert.equal(
    (await preflight(upload, 'https://evil.example', 'POST')).headers.get('access-control-allow-origin'),
    null,
  );
  const bucket = `${stack.s3}/uploads.local/demo-user.jpg`;
  assert.equal((await preflight(bucket, stack.page, 'PUT')).status, 200);
  assert.equal((await preflight(bucket, 'https://evil.example', 'PUT')).status, 403);
});

test('no token and no URL is in the log', () => {
  assert.ok(!stack.lines.some((line) => /eyJ|X-Amz-Signature/.test(line)));
});

test('a restart keeps the data and is ready soon; a port is free again', async (t) => {
  const one = await startStack({ args: rust });
  t.after(() => one.stop());
  const avatar = await (await fetch(`${one.cdn}/avatars/demo-user.jpg`)).arrayBuffer();
  assert.equal(await one.stop({ keep: true }), 0);
  await assert.rejects(fetch(one.page));
  const started = performance.now();
  const two = await startStack({ data: one.data, args: rust });
  t.after(() => two.stop());
  const took = performance.now() - started;
  assert.deepEqual(await (await fetch(`${two.cdn}/avatars/demo-user.jpg`)).arrayBuffer(), avatar);
  assert.ok(two.lines.some((line) => line.includes('avatar is still there')));
  // Two seconds on an idle machine.
  assert.ok(took < 30_000, `ready after ${Math.round(took)} ms`);
  t.diagnostic(`ready after ${Math.round(took)} ms`);
});

test('killed with 30 uploads on their way, all of them are avatars after a restart', async (t) => {
  const one = await startStack({ args: ['--no-check', ...rust] });
  t.after(() => rmSync(one.data, { recursive: true, force: true }));
  const names = Array.from({ length: 30 }, (_, i) => `user-${i}`);
  const s3 = client(one);
  const photo = (name) => ({ Bucket: 'uploads.local', Key: `${name}.jpg`, Body: OTHER, ContentType: 'image/jpeg' });
  await Promise.all(names.map((name) => s3.send(new PutObjectCommand(photo(name)))));
  const ready = async (stack) => {
    const statuses = await Promise.all(names.map((name) => fetch(`${stack.cdn}/avatars/${name}.json`)));
    return statuses.filter(({ ok }) => ok).length;
  };
  const before = await ready(one);
  one.process.kill('SIGKILL');
  const two = await startStack({ data: one.data, args: ['--no-check', ...rust] });
  t.after(() => two.stop());
  await until('30 avatars', async () => (await ready(two)) === 30);
  t.diagnostic(`${before} of 30 before it was killed`);
  assert.ok(before < 30, 'it was too late to kill it');
});

test('Ctrl-C while it starts ends it in order', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'avatars-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const { process, lines, ended } = spawnStack({ data, args: rust });
  // Written after the signal handlers are installed, and before the first function is started.
  await until('the start', () => existsSync(join(data, 'credentials')));
  process.kill('SIGINT');
  assert.deepEqual([await ended, lines.at(-1)], [0, 'Stopped.']);
});

test('killed without a word, it leaves no process behind', async (t) => {
  const one = await startStack({ args: ['--no-check', ...rust] });
  t.after(() => one.stop());
  const children = await until('four functions', () => {
    const all = childrenOf(one.process.pid);
    return all.length === 4 && all;
  });
  one.process.kill('SIGKILL');
  await until('the functions to end', () => !children.some(isAlive), 90_000);
});

/** The children of all threads of a process: each thread has its own. */
function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
}

function isAlive(pid) {
  return existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function client({ s3, keys } = stack) {
  return new S3Client({
    region: 'us-east-1',
    endpoint: s3,
    forcePathStyle: true,
    credentials: keys,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

/** A PNG header without pixels. */
function pngHeader(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IEND', Buffer.alloc(0))]);
}
