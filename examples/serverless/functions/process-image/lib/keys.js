'use strict';

const { digest } = require('./digest');

const OPEN = ['name', 'sub', 'dir', 'ext', 'hash'];

/** A template with what is the same for all keys filled in, checked: what is left are placeholders of a source. */
function fixed(template, values) {
  if (template === '') throw new Error('KEY_TEMPLATE has to be a key');
  const filled = template.replace(/\{([^}]*)(\}|$)/g, (whole, name, end) => {
    if (end === '') throw new Error(`KEY_TEMPLATE has to close its {: ${template}`);
    if (Object.hasOwn(values, name)) return String(values[name]);
    if (!OPEN.includes(name))
      throw new Error(`KEY_TEMPLATE has to be of {${[...OPEN, ...Object.keys(values)].join('}, {')}}, not ${whole}`);
    return whole;
  });
  return filled;
}

/** The key for a source: `below` is its key without the folder that uploads are taken from. In one pass: what a key brings along is
 * never taken for a placeholder. */
function fill(template, below, hash = '') {
  const cut = below.lastIndexOf('/') + 1;
  const file = below.slice(cut);
  // A dot at the start makes no extension.
  const dot = file.lastIndexOf('.');
  const [name, ext] = dot > 0 ? [file.slice(0, dot), file.slice(dot + 1)] : [file, ''];
  const values = {
    name,
    ext,
    hash,
    dir: below.slice(0, cut),
    sub: cut > 0 ? below.slice(0, below.indexOf('/')) : name,
  };
  return template.replace(/\{(name|sub|dir|ext|hash)\}/g, (_, value) => values[value]);
}

/** The keys that come of a source, with the hashes of their plans. */
function outputKeys({ outputs }, below, etag = '') {
  return outputs.map(({ template, hash }) => fill(template, below, digest([etag, hash])));
}

/** What every key of one template begins with, and what every content-addressed key of one source does. */
const start = (template) => template.split('{')[0];
const beforeHash = (template, below) => fill(template.split('{hash}')[0], below);

/**
 * What there is to do for a record, by its key and kind alone: `{ action: 'settle', below, id }`,
 * `{ action: 'skip', why }` or `{ action: 'refuse', why, says }`.
 */
function taskOf({ kind, bucket, key }, config) {
  if (key.endsWith('/')) return { action: 'skip', why: 'folder-marker' };
  if (!key.startsWith(config.prefix)) return { action: 'skip', why: 'outside-input' };
  if (kind === 'other') return { action: 'skip', why: 'other-event' };
  const loop = recursion(bucket, config);
  if (loop !== undefined)
    return {
      action: 'refuse',
      why: 'RECURSION',
      says: `${config.bucket}/${loop}… would be written to and ${bucket}/${config.prefix}… is read from: the outputs would be the next inputs`,
    };
  return { action: 'settle', below: key.slice(config.prefix.length), id: digest([bucket, key]) };
}

/** Whatever is written where the function reads comes back as an event: where that is, or undefined. */
function recursion(bucket, config) {
  const written = [
    ...config.outputs.map(({ template }) => start(template)),
    ...(config.status ? [start(config.status)] : []),
    ...(config.ledger ? [config.ledger] : []),
  ];
  return bucket === config.bucket
    ? written.find((prefix) => prefix.startsWith(config.prefix) || config.prefix.startsWith(prefix))
    : undefined;
}

module.exports = { fixed, fill, outputKeys, beforeHash, taskOf };
