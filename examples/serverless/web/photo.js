import { Refused } from './refused.js';

/** The types that the upload accepts, by extension. */
export const TYPES = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' };

const BY_TYPE = Object.fromEntries(Object.entries(TYPES).map(([extension, type]) => [type, extension]));

/** The extension to request, from the file's type and not its name. */
export function extensionOf({ type }) {
  return BY_TYPE[type];
}

/** Refuses a file before anything is sent, if the page can tell. */
export function check(file, { maxBytes }) {
  if (!extensionOf(file)) throw new Refused('TYPE', file.type || file.name.split('.').pop());
  if (file.size === 0) throw new Refused('EMPTY', file.name);
  if (file.size > maxBytes) throw new Refused('TOO_LARGE', `${size(file.size)} of ${size(maxBytes)}`);
}

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6
    ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`
    : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
