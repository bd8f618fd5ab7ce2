'use strict';

/** The fields of an error besides its message. Those that every error has come first. */
const FACTS = ['code', 'hint', 'retryable', 'httpStatus', 'format', 'place', 'expected', 'got', 'reason'];

/** The only error that keenpix throws. `code` is stable; `message` says what was expected and what was given. */
class KeenpixError extends Error {
  constructor(fault, cause) {
    super(fault.message, cause === undefined ? undefined : { cause });
    for (const name of FACTS) {
      if (fault[name] !== undefined && fault[name] !== null) this[name] = fault[name];
    }
  }
}
Object.defineProperty(KeenpixError.prototype, 'name', { value: 'KeenpixError', configurable: true, writable: true });

/** A wrong argument: the calling program is at fault, not the file. */
function badArgument(message, hint, cause) {
  return new KeenpixError({ code: 'BAD_ARGUMENT', message, hint, retryable: false, httpStatus: 500 }, cause);
}

/** Foreign text for a message, cut to `most` characters: what is passed by mistake may be megabytes long. */
function shortened(text, most = 100) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A path for a message. Nearly every path fits, because its end says more than its beginning. */
const shortPath = (path) => shortened(String(path), 200);

module.exports = { KeenpixError, badArgument, shortPath, shortened };
