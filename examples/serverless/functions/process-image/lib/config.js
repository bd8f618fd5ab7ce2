'use strict';

const { fixed } = require('./keys');

const FORMATS = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' };

/** The environment as a checked, frozen object. A wrong setting fails the deployment's first call, not some later one. */
function readConfig(env) {
  const format = env.PROCESS_FORMAT || 'jpeg';
  if (!Object.hasOwn(FORMATS, format))
    throw new Error(`PROCESS_FORMAT has to be one of ${Object.keys(FORMATS).join(', ')}, not ${format}`);
  const quality = whole(env, 'PROCESS_QUALITY', 80);
  if (quality > 100) throw new Error('PROCESS_QUALITY has to be from 1 to 100');
  const input = folder(env.FOLDER_INPUT ?? '');
  const output = folder(env.FOLDER_OUTPUT ?? 'avatars');
  const inFolder = (name) => (output === '' ? name : `${output}/${name}`);
  const template = (env.KEY_TEMPLATE || inFolder('{name}.{format}')).replaceAll('{folder}', () => output);
  const hashed = template.includes('{hash}');
  const [width, height] = [whole(env, 'PROCESS_WIDTH', 512), whole(env, 'PROCESS_HEIGHT', 512)];
  const more = (env.EXTRA_WIDTHS ?? '').split(',').filter((text) => text.trim() !== '');
  const widths = [width, ...more.map((text) => wholeNumber('EXTRA_WIDTHS', text))];
  const outputs = widths.map((each, i) => {
    const high = Math.max(1, Math.floor((height * each + Math.floor(width / 2)) / width));
    const text = i === 0 ? template : withWidth(template);
    return {
      template: fixed(text, { width: each, height: high, format: FORMATS[format] }),
      plan: plan(each, high, format, quality),
    };
  });
  const [twice] = outputs.filter((one, i) => outputs.findIndex((other) => other.template === one.template) !== i);
  if (twice && !hashed) throw new Error(`EXTRA_WIDTHS has to differ: two outputs go to ${twice.template}`);
  return Object.freeze({
    bucket: required(env, 'DEST_BUCKET_NAME'),
    prefix: input === '' ? '' : `${input}/`,
    outputs: Object.freeze(outputs),
    // Names made of content can't be guessed: the status says which they are.
    status: hashed || env.WRITE_STATUS === 'true' ? inFolder('{name}.json') : undefined,
    ledger: env.LEDGER_PREFIX || undefined,
    rejects: env.REJECTS_QUEUE_URL || undefined,
    // The CDN keeps it until it is invalidated; browsers ask the CDN whether it is still the same.
    cacheControl:
      env.CACHE_CONTROL ||
      (hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=0, s-maxage=31536000, must-revalidate'),
    limits: Object.freeze({
      inputBytes: whole(env, 'MAX_INPUT_BYTES', 20 << 20),
      pixels: whole(env, 'MAX_PIXELS', 100_000_000),
      memory: whole(env, 'MAX_MEMORY_BYTES', 256_000_000),
    }),
  });
}

function plan(width, height, format, quality) {
  return {
    resize: { width, height, fit: 'cover' },
    flatten: true,
    encode: format === 'png' ? { format } : { format, quality },
  };
}

/** A template for more sizes: with `-{width}` before the extension, unless width or hash tell them apart already. */
function withWidth(template) {
  return /\{(width|hash)\}/.test(template) ? template : template.replace(/(\.[^./]*)?$/, '-{width}$1');
}

function required(env, name) {
  if (!env[name]) throw new Error(`${name} has to be set`);
  return env[name];
}

function folder(text) {
  return text.replace(/^\/+|\/+$/g, '');
}

function whole(env, name, fallback) {
  return env[name] ? wholeNumber(name, env[name]) : fallback;
}

function wholeNumber(name, text) {
  const number = Number(text);
  if (!/^\s*\d+\s*$/.test(text) || !Number.isSafeInteger(number) || number < 1)
    throw new Error(`${name} has to be a whole number above 0, not ${text}`);
  return number;
}

module.exports = { readConfig };
