// Wall time and CPU time of an invocation, status included, of process-image (Node and Rust) and of a plain function
// around sharp, each in its Lambda runtime over a real S3 server that takes some milliseconds for each request:
//
//   node bench/functions.mjs [milliseconds a request: 15] [rounds: 15]
//
// After `make serverless process-image`. The first uploads warm up; then the functions take one photo after another, in
// turn: photos of new users, and new photos of users who have one.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFunction } from '../test/runtime.mjs';
import { keys, notification, startServer } from '../test/s3-server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const example = join(here, '..');
const [delay, rounds] = [Number(process.argv[2] ?? 15), Number(process.argv[3] ?? 15)];
const SHARP = createRequire(join(example, '../../bindings-node/package.json')).resolve('sharp');
const sharp = createRequire(import.meta.url)(SHARP);
const TICK = 10; // milliseconds in one of the kernel's clock ticks
const NODE = ['node', join(example, 'node_modules/aws-lambda-ric/bin/index.mjs'), 'index.handler'];
const BOOTSTRAP = process.env.PROCESS_IMAGE ?? join(example, '../../target/debug/bootstrap');
const OURS = { EXTRA_WIDTHS: '256,128,64', WRITE_STATUS: 'true' };

const FUNCTIONS = {
  'plain sharp': { command: NODE, cwd: join(here, 'plain-sharp'), env: { SHARP, WIDTHS: '512,256,128,64' } },
  'process-image (Node)': { command: NODE, cwd: join(example, 'functions/process-image'), env: OURS },
  'process-image (Rust)': { command: [BOOTSTRAP], cwd: example, env: OURS },
};

/** 12 megapixels, as a phone makes them. */
const photo = await sharp(join(example, '../photos/landscape.jpg'))
  .resize(4000, 3000, { fit: 'fill' })
  .jpeg({ quality: 90 })
  .toBuffer();
// A comment makes another file of the same pixels.
const variant = (number) => {
  const comment = Buffer.from(String(number).padStart(8, '0'));
  return Buffer.concat([photo.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 10]), comment, photo.subarray(2)]);
};

const sides = [];
for (const [name, { command, cwd, env }] of Object.entries(FUNCTIONS)) {
  const server = await startServer('uploads', 'assets');
  await server.delay(delay);
  const account = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    S3_FORCE_PATH_STYLE: 'true',
    DEST_BUCKET_NAME: 'assets',
  };
  sides.push({ name, server, times: {}, running: await startFunction(command, { cwd, env: { ...account, ...env } }) });
}

let count = 0;
for (let round = -3; round < rounds; round++) {
  for (const kind of ['new user', 'new photo']) {
    for (const { server, running, times } of sides) {
      const key = kind === 'new user' ? `user-${round}.jpg` : 'user.jpg';
      const event = notification(await server.put('uploads', key, variant(count++)));
      const [started, used] = [performance.now(), cpu(running.pid)];
      const { error } = await running.invoke(event);
      const [wall, busy] = [performance.now() - started, cpu(running.pid) - used];
      if (error) throw new Error(JSON.stringify(error));
      if (round < 0) continue;
      times[kind] ??= { wall: [], busy: [] };
      times[kind].wall.push(wall);
      times[kind].busy.push(busy);
    }
  }
}
for (const { running, server } of sides) await Promise.all([running.stop(), server.stop()]);

const size = `${(photo.length / 1e6).toFixed(1)} MB, 12 megapixels, to 512, 256, 128 and 64 and a status`;
console.log(`${delay} ms a request; ${size}; ${rounds} of each\n`);
console.log('| function | upload | wall, median | of sharp | CPU, mean | of sharp |\n|---|---|---|---|---|---|');
const [plain] = sides;
for (const { name, times } of sides) {
  for (const [kind, { wall, busy }] of Object.entries(times)) {
    const against = plain.times[kind];
    const cells = [
      `${median(wall).toFixed(0)} ms`,
      (median(wall) / median(against.wall)).toFixed(2),
      `${mean(busy).toFixed(0)} ms`,
      (mean(busy) / mean(against.busy)).toFixed(2),
    ];
    console.log(`| ${[name, kind, ...cells].join(' | ')} |`);
  }
}

/** The CPU time of a process so far, in milliseconds. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

function mean(list) {
  return list.reduce((sum, each) => sum + each, 0) / list.length;
}
