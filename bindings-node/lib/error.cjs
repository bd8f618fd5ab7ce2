'use strict';

/** The facts of an error beside its message. Those that every error has come first. */
const FACTS = ['code', 'hint', 'retryable', 'httpStatus', 'format', 'place', 'expected', 'got', 'reason'];

/** The one kind of error that keenpix throws. `code` is stable; `message` says what was expected and what came. */
class KeenpixError extends Error {
  constructor(fault, cause) {
    super(fault.message, cause === undefined ? undefined : { cause });
    for (const name of FACTS) {
      if (fault[name] !== undefined && fault[name] !== null) this[name] = fault[name];
    }
  }
}
Object.defineProperty(KeenpixError.prototype, 'name', { value: 'KeenpixError', configurable: true, writable: true });

/** An argument is wrong: a fault of the program, whatever the file. */
function badArgument(message, hint, cause) {
  return new KeenpixError({ code: 'BAD_ARGUMENT', message, hint, retryable: false, httpStatus: 500 }, cause);
}

/** A text of others in a message, cut where it is longer than `most`: what is passed by mistake may have megabytes. */
function shortened(text, most = 100) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A path in a message: there is room for nearly every one, for its end says more than its beginning. */
const shortPath = (path) => shortened(String(path), 200);

module.exports = { KeenpixError, badArgument, shortPath, shortened };
