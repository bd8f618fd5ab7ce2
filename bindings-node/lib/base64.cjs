'use strict';

/** Part of a buffer as base64. keenpix-wasm uses it too, where there is no `Buffer`. */
function base64(buffer, offset, length) {
  if (typeof Buffer !== 'undefined') return Buffer.from(buffer, offset, length).toString('base64');
  const bytes = new Uint8Array(buffer, offset, length);
  let text = '';
  // A call has a limited number of arguments.
  for (let at = 0; at < length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

module.exports = { base64 };
