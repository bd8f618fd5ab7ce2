'use strict';

const { posix } = require('node:path');

/** What to do about a record: `{ action, why }`, by its key and kind alone. Pure; nothing is read. */
function decide(record, config) {
  if (record.key.endsWith('/')) return { action: 'skip', why: 'folder-marker' };
  if (!isInput(record.key, config)) return { action: 'skip', why: 'outside-input' };
  if (record.kind === 'other') return { action: 'skip', why: 'other-event' };
  if (recurs(record, config)) return { action: 'refuse', why: 'RECURSION' };
  return { action: record.kind === 'removed' ? 'remove' : 'process' };
}

/** The keys that come of a key; with `{hash}` in the template they need the hashes of what was made. */
function outputKeys(key, config, hashes = []) {
  return config.widths.map((width, i) => fill(i === 0 ? config.template : extraTemplate(config.template), key, config, width, hashes[i] ?? ''));
}

/** Where the state of a key is kept: the status, or the avatar itself. */
function stateKey(key, config) {
  if (!config.status) return outputKeys(key, config)[0];
  return `${config.output === '' ? '' : `${config.output}/`}${nameOf(key)}.json`;
}

/** A key's name as the original has it: without folders and without the last extension. */
function nameOf(key) {
  return posix.parse(key).name;
}

/** The owner of an upload: the name, or the folder around it. */
function subOf(key, { input }) {
  const inside = input === '' ? key : key.slice(input.length + 1);
  return inside.includes('/') ? inside.split('/')[0] : nameOf(key);
}

function isInput(key, { input }) {
  return input === '' || key.startsWith(`${input}/`);
}

/** Whether what is written would be an event for this function again. */
function recurs({ bucket, key }, config) {
  if (bucket !== config.bucket) return false;
  return [...outputKeys(key, config), stateKey(key, config)].some((output) => isInput(output, config));
}

function extraTemplate(template) {
  return /\{(width|hash)\}/.test(template) ? template : template.replace(/(\.[^./]*)?$/, '-{width}$1');
}

// In one pass: what a key brings along is never taken for a placeholder.
function fill(template, key, config, width, hash) {
  const values = { folder: config.output, name: nameOf(key), sub: subOf(key, config), width: String(width), format: config.extension, hash };
  return template.replace(/\{([a-z]+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

module.exports = { decide, outputKeys, stateKey, nameOf };
