// In workerd (Cloudflare Workers) and in Chromium: the same bytes as in Node.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transform } from 'keenpix-wasm';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const photo = readFileSync(path('../core/tests/images/orientation-6.jpg'));
const plan = { resize: { width: 40, height: 40, position: 'attention' }, encode: { format: 'webp' } };
const { bytes: expected } = await transform(photo, plan);

test('in workerd', async () => {
  const { Miniflare } = await import('miniflare');
  const worker = `
    import { transform } from './workerd.js';
    export default {
      async fetch(request) {
        try {
          const image = await transform(await request.arrayBuffer(), ${JSON.stringify(plan)});
          return new Response(image.bytes, { headers: { 'content-type': image.mediaType } });
        } catch (error) {
          return Response.json({ code: error.code, message: error.message }, { status: error.httpStatus ?? 500 });
        }
      },
    };`;
  const miniflare = new Miniflare({
    compatibilityDate: '2026-01-01',
    modules: [
      { type: 'ESModule', path: 'worker.js', contents: worker },
      { type: 'ESModule', path: 'workerd.js', contents: readFileSync(path('dist/workerd.js'), 'utf8') },
      { type: 'CompiledWasm', path: 'keenpix.wasm', contents: readFileSync(path('dist/keenpix.wasm')) },
    ],
  });
  try {
    const post = (body) => miniflare.dispatchFetch('http://localhost/', { method: 'POST', body });
    const made = await post(photo);
    assert.equal(made.headers.get('content-type'), 'image/webp');
    assert.deepEqual(new Uint8Array(await made.arrayBuffer()), expected);
    const refused = await post('<!doctype html><html></html>');
    assert.equal(refused.status, 415);
    assert.equal((await refused.json()).code, 'NOT_AN_IMAGE');
  } finally {
    await miniflare.dispose();
  }
});

const executablePath =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

test('in a worker of Chromium', async () => {
  assert.ok(executablePath, 'install Chromium, or say where it is with CHROMIUM');
  const { chromium } = await import('playwright-core');
  const worker = `
    import { transform } from './web.js';
    onmessage = async ({ data: [file, plan] }) => {
      try {
        const { bytes, width, format } = await transform(file, plan);
        postMessage({ bytes: [...bytes], width, format });
      } catch ({ code, message }) {
        postMessage({ code, message });
      }
    };`;
  const files = {
    '/': ['text/html', '<!doctype html><title>keenpix-wasm</title>'],
    '/worker.js': ['text/javascript', worker],
    '/web.js': ['text/javascript', readFileSync(path('dist/web.js'))],
    '/keenpix.wasm': ['application/octet-stream', readFileSync(path('dist/keenpix.wasm'))],
  };
  const server = createServer(({ url }, response) => {
    const [type, content] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(content);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const inWorker = (file) =>
      page.evaluate(
        ([file, plan]) =>
          new Promise((done, failed) => {
            const worker = new Worker('/worker.js', { type: 'module' });
            worker.onmessage = ({ data }) => done(data);
            worker.onerror = ({ message }) => failed(new Error(message));
            worker.postMessage([new Blob([new Uint8Array(file)]), plan]);
          }),
        [[...file], plan],
      );
    assert.deepEqual(await inWorker(photo), { bytes: [...expected], width: 40, format: 'webp' });
    assert.equal((await inWorker(Buffer.from('<html></html>'))).code, 'NOT_AN_IMAGE');
  } finally {
    await browser.close();
    server.close();
  }
});
