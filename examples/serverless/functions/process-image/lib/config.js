'use strict';

const FORMATS = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' };

/** The environment as a checked, frozen object. A wrong setting fails the deployment's first call, not some later one. */
function readConfig(env) {
  const format = env.PROCESS_FORMAT || 'jpeg';
  if (!Object.hasOwn(FORMATS, format)) throw new Error(`PROCESS_FORMAT has to be one of ${Object.keys(FORMATS).join(', ')}, not ${format}`);
  const output = folder(env.FOLDER_OUTPUT ?? 'avatars');
  const template = env.KEY_TEMPLATE || (output === '' ? '{name}.{format}' : '{folder}/{name}.{format}');
  const hashed = template.includes('{hash}');
  return Object.freeze({
    bucket: required(env, 'DEST_BUCKET_NAME'),
    input: folder(env.FOLDER_INPUT ?? ''),
    output,
    template,
    hashed,
    // Names made of content can't be guessed: the status says which they are.
    status: hashed || env.WRITE_STATUS === 'true',
    widths: [
      whole(env, 'PROCESS_WIDTH', 512),
      ...(env.EXTRA_WIDTHS ?? '').split(',').filter((width) => width.trim() !== '').map((width) => wholeNumber('EXTRA_WIDTHS', width)),
    ],
    height: whole(env, 'PROCESS_HEIGHT', 512),
    format,
    extension: FORMATS[format],
    quality: whole(env, 'PROCESS_QUALITY', 80),
    // The CDN keeps it until it is invalidated; browsers ask the CDN whether it is still the same.
    cacheControl: env.CACHE_CONTROL || (hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=0, s-maxage=31536000, must-revalidate'),
    limits: Object.freeze({
      inputBytes: whole(env, 'MAX_INPUT_BYTES', 20 << 20),
      pixels: whole(env, 'MAX_PIXELS', 100_000_000),
      memory: whole(env, 'MAX_MEMORY_BYTES', 256_000_000),
    }),
  });
}

/** What to make: one plan for each width, the first one being the avatar itself. */
function plans({ widths, height, format, quality }) {
  const encode = format === 'png' ? { format } : { format, quality };
  return widths.map((width) => ({
    resize: { width, height: Math.max(1, Math.round((height * width) / widths[0])), fit: 'cover' },
    background: '#ffffff',
    flatten: true,
    encode,
  }));
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
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${name} has to be a whole number above 0, not ${text}`);
  return number;
}

module.exports = { readConfig, plans };
