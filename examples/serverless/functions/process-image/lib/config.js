'use strict';

const { digest } = require('./digest');
const { fixed } = require('./keys');

const FORMATS = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' };
// The fits whose outputs have exactly the requested size.
const EXACT = ['cover', 'contain', 'fill'];

/**
 * The environment as a checked, frozen object: a wrong setting fails at start, never an upload. `canonicalPlan` is the
 * library's function, which knows what its build can make.
 */
function readConfig(env, canonicalPlan) {
  const formats = formatsOf(env.PROCESS_FORMAT || 'jpeg', canonicalPlan);
  const quality = whole(env, 'PROCESS_QUALITY', 80);
  const fit = env.PROCESS_FIT || 'cover';
  const position = env.PROCESS_POSITION || undefined;
  // A damaged upload doesn't replace a good avatar.
  const tolerate = env.PROCESS_TOLERATE || 'none';
  const input = folder(env.FOLDER_INPUT ?? '');
  const output = folder(env.FOLDER_OUTPUT ?? 'avatars');
  const inFolder = (name) => (output === '' ? name : `${output}/${name}`);
  const template = (env.KEY_TEMPLATE || inFolder('{name}.{format}')).replaceAll('{folder}', () => output);
  const hashed = template.includes('{hash}');
  const [width, height] = [whole(env, 'PROCESS_WIDTH', 512), whole(env, 'PROCESS_HEIGHT', 512)];
  const more = (env.EXTRA_WIDTHS ?? '').split(',').filter((text) => text.trim() !== '');
  const widths = [width, ...more.map((text) => wholeNumber('EXTRA_WIDTHS', text))];
  const pixels = whole(env, 'MAX_PIXELS', 100_000_000);
  const made = (format, each, i) => {
    const high = Math.max(1, Math.floor((height * each + Math.floor(width / 2)) / width));
    const text = i === 0 ? template : withWidth(template);
    const resize = { width: each, height: high, fit, position };
    const plan = {
      tolerate,
      resize,
      flatten: true,
      encode: { format, quality: format === 'png' ? undefined : quality },
    };
    const hash = digest([checked(plan, canonicalPlan, i > 0)]);
    if (EXACT.includes(fit) && each * high > pixels)
      throw new Error(`MAX_PIXELS has to be at least ${each * high} for an output of ${each}×${high}, not ${pixels}`);
    return { template: fixed(text, { width: each, height: high, format: FORMATS[format] }), plan, hash };
  };
  const outputs = formats.flatMap((format) => widths.map((each, i) => made(format, each, i)));
  const same = (one) => (other) => other.template === one.template && (!hashed || other.hash === one.hash);
  const twice = outputs.find((one, i) => outputs.findIndex(same(one)) !== i);
  if (twice) {
    const cause = formats.length > 1 ? 'KEY_TEMPLATE needs a {format}, or EXTRA_WIDTHS' : 'EXTRA_WIDTHS';
    throw new Error(`${cause} has to differ: two outputs go to ${twice.template}`);
  }
  return Object.freeze({
    bucket: required(env, 'DEST_BUCKET_NAME'),
    prefix: input === '' ? '' : `${input}/`,
    outputs: Object.freeze(outputs),
    // Identifies everything made from an upload.
    plans: digest(outputs.map(({ hash }) => hash)),
    // Content-based names can't be guessed, so the status lists them.
    status: hashed || env.WRITE_STATUS === 'true' ? inFolder('{name}.json') : undefined,
    ledger: env.LEDGER_PREFIX || undefined,
    rejects: env.REJECTS_QUEUE_URL || undefined,
    // The CDN keeps it until it is invalidated; browsers revalidate it with the CDN.
    cacheControl:
      env.CACHE_CONTROL ||
      (hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=0, s-maxage=31536000, must-revalidate'),
    limits: Object.freeze({
      inputBytes: whole(env, 'MAX_INPUT_BYTES', 20 << 20),
      pixels,
      memory: whole(env, 'MAX_MEMORY_BYTES', 256_000_000),
    }),
  });
}

/** One format or several, `webp,avif,jpeg`. */
function formatsOf(text, canonicalPlan) {
  const known = Object.keys(FORMATS).filter((each) => {
    try {
      return canonicalPlan({ encode: { format: each } });
    } catch (error) {
      if (error.code !== 'UNSUPPORTED') throw error;
      return false; // this build can't write it
    }
  });
  return text.split(',').map((each) => {
    const format = each.trim();
    if (!known.includes(format)) throw new Error(`PROCESS_FORMAT has to be one of ${known.join(', ')}, not ${format}`);
    return format;
  });
}

/** The plan as the library understands it; errors name the setting at fault. */
function checked(plan, canonicalPlan, extra) {
  try {
    return canonicalPlan(plan);
  } catch (error) {
    const { place, expected, got, message } = error;
    const setting = {
      'resize.width': extra ? 'EXTRA_WIDTHS' : 'PROCESS_WIDTH',
      'resize.height': extra ? 'EXTRA_WIDTHS' : 'PROCESS_HEIGHT',
      'resize.fit': 'PROCESS_FIT',
      'resize.position': 'PROCESS_POSITION',
      tolerate: 'PROCESS_TOLERATE',
      'encode.quality': 'PROCESS_QUALITY',
    }[place];
    if (!setting) throw error;
    throw new Error(expected ? `${setting} has to be ${expected}, not ${got}` : `${setting}: ${message}`, {
      cause: error,
    });
  }
}

/** A template for more sizes: with `-{width}` before the extension, unless it has a width or a hash already. */
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
