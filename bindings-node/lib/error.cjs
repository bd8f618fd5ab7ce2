'use strict';

/** The one kind of error that keenpix throws. `code` is stable; `message` says what was expected and what came. */
class KeenpixError extends Error {
  constructor({ message, code, hint, retryable, httpStatus }, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.retryable = retryable;
    this.httpStatus = httpStatus;
  }
}
Object.defineProperty(KeenpixError.prototype, 'name', { value: 'KeenpixError', configurable: true, writable: true });

/** An argument is wrong: a fault of the program, whatever the file. */
function badArgument(message, hint, cause) {
  return new KeenpixError({ code: 'BAD_ARGUMENT', message, hint, retryable: false, httpStatus: 500 }, cause);
}

module.exports = { KeenpixError, badArgument };
