// The page in Chromium: sign in, choose a photo, watch it become the avatar; and the errors that users may see.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { photos, startStack } from './stack.mjs';

const shots = join(dirname(fileURLToPath(import.meta.url)), '../../../out/screenshots');
const executablePath =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

let stack, browser, page, folder, problems;
before(async () => {
  mkdirSync(shots, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'photos-'));
  stack = await startStack({ args: ['--no-check', '--max-bytes', '5000000'] });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
after(async () => {
  await browser?.close();
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.setDefaultTimeout(60_000);
  problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(stack.page);
});
afterEach(async () => {
  await page.close();
  assert.deepEqual(problems, []);
});

const state = (name) => page.waitForSelector(`body[data-state="${name}"]`, { timeout: 60_000 });
const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
const choose = (file) => page.setInputFiles('#file', file);
const signIn = () => page.click('#sign-in');
const alert = async () => [await page.textContent('#alert-title'), await page.textContent('#alert-code')];

function fileOf(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('sign in, choose, preview, upload: the avatar appears at its sizes', async () => {
  await state('signed-out');
  await shot('1-signed-out');
  await signIn();
  await state('empty');
  assert.equal(await page.textContent('#user-name'), 'Demo User');
  await shot('2-empty');
  await choose(join(photos, 'portrait-orientation-6.jpg'));
  await state('preview');
  await page.waitForFunction(() => document.querySelector('#picture img')?.naturalWidth > 0);
  await shot('3-preview');
  await page.click('#upload');
  await state('done');
  const sizes = await page.$$eval('#sizes img', (images) =>
    Promise.all(images.map((image) => image.decode().then(() => image.naturalWidth))),
  );
  assert.deepEqual(sizes, [512, 256, 128, 64]);
  assert.ok((await page.$$eval('[data-avatar] img', (images) => images.length)) >= 3);
  assert.match(await page.textContent('#timing'), /ready .* later/);
  await page.waitForTimeout(700);
  await shot('4-done');

  await page.reload();
  await state('current');
  assert.equal(await page.$$eval('#sizes img', (images) => images.length), 4);
});

test('another photo replaces the avatar, by drag and drop', async () => {
  await signIn();
  await page.waitForSelector('body[data-state="current"], body[data-state="empty"]');
  const before = await page.evaluate(() => document.querySelector('#picture img')?.src);
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(300, 200);
    const ink = canvas.getContext('2d');
    ink.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
    ink.fillRect(0, 0, 300, 200);
    const data = new DataTransfer();
    data.items.add(new File([await canvas.convertToBlob()], 'drawn.png', { type: 'image/png' }));
    document
      .querySelector('#drop')
      .dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await state('preview');
  await page.click('#upload');
  await state('done');
  assert.notEqual(await page.evaluate(() => document.querySelector('#picture img').src), before);
});

test('errors that people can read: wrong type, too large, no photo, expired link, signed out', async () => {
  await signIn();
  await page.waitForSelector('body[data-state="current"], body[data-state="empty"]');
  await choose(fileOf('notes.txt', 'text'));
  assert.deepEqual(await alert(), ['We can’t use this type of file', 'TYPE: text/plain']);
  await choose(fileOf('large.jpg', Buffer.alloc(5_000_001)));
  assert.match((await alert())[0], /too large/);

  await choose(fileOf('page.jpg', '<!doctype html><p>saved by mistake</p>'));
  await state('preview');
  await page.click('#upload');
  await page.waitForSelector('#alert:not([hidden])', { timeout: 60_000 });
  const [title, code] = await alert();
  assert.equal(title, 'This file is not a photo');
  assert.match(code, /^NOT_AN_IMAGE: .*HTML/i);
  await shot('5-rejected');

  // An expired link, with S3's own response to it.
  await page.route(`${stack.s3}/**`, (route) =>
    route.fulfill({
      status: 403,
      headers: { 'access-control-allow-origin': stack.page, 'content-type': 'application/xml' },
      body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
    }),
  );
  await choose(join(photos, 'landscape.jpg'));
  await page.click('#upload');
  await page.waitForSelector('#alert:not([hidden])');
  assert.match((await alert())[0], /took too long/);
  assert.ok(await page.isVisible('#retry'));
  await page.unroute(`${stack.s3}/**`);
  await page.click('#retry');
  await state('done');

  // Signed in for too long: the page says so before anything is sent.
  await page.evaluate(() => (Date.now = () => new Date(2100, 0).getTime()));
  await choose(join(photos, 'landscape.jpg'));
  await page.click('#upload');
  await state('signed-out');
  assert.equal(await page.textContent('#sign-in-title'), 'You have been signed out');
  await page.reload();
  await signIn();
  await state('current');
  await page.evaluate(() =>
    sessionStorage.setItem('user', JSON.stringify({ ...JSON.parse(sessionStorage.getItem('user')), expires: 0 })),
  );
  await page.reload();
  await state('signed-out');
});

test('on a phone, and in the dark', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn();
  await page.waitForSelector('body[data-state="current"]', { timeout: 60_000 });
  await page.waitForTimeout(600);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `the page is ${wide} pixels wide`);
  await shot('6-phone-dark');
  await page.setViewportSize({ width: 1200, height: 900 });
  await shot('7-dark');
});

test('with the keyboard alone', async () => {
  await state('signed-out');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#studio:not([hidden])');
  await page.focus('#sign-out');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'file');
  const unnamed = await page.$$eval(
    'button, a, input',
    (all) =>
      all.filter(
        (each) => each.checkVisibility() && !(each.textContent.trim() || each.ariaLabel || each.labels?.length),
      ).length,
  );
  assert.equal(unnamed, 0);
});
