'use strict';

const { digest } = require('./digest');

const OPEN = ['name', 'sub', 'dir', 'ext', 'hash'];

/** A checked template with the parts common to all keys filled in; those of a source remain placeholders. */
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

/**
 * The key for a source; `below` is its key without the input folder. Placeholders are filled in a single pass, so that
 * text from a key is never taken for one.
 */
function fill(template, below, hash = '') {
  const cut = below.lastIndexOf('/') + 1;
  const file = below.slice(cut);
  // A leading dot doesn't start an extension.
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

/** The output keys of a source, with the hashes of their plans. */
function outputKeys({ outputs }, below, etag = '') {
  return outputs.map(({ template, hash }) => fill(template, below, digest([etag, hash])));
}

/** The common start of all keys of a template, and that of all content-addressed keys of a source. */
const start = (template) => template.split('{')[0];
const beforeHash = (template, below) => fill(template.split('{hash}')[0], below);

/**
 * What to do for a record, judging only by its key and kind: `{ action: 'settle', below, id }`,
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

/** Where an output would become an input, and so come back as an event; undefined if nowhere. */
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
