'use strict';

/** Why a record failed. `retryable` says whether the same event may succeed later; `code` is stable. */
class Failure extends Error {
  constructor(code, message, { retryable = false, cause } = {}) {
    super(message, { cause });
    this.name = code;
    this.code = code;
    this.retryable = retryable;
  }

  /** One error for the runtime out of all that failed in a call: its message is what a dead letter shows. */
  static all(failures) {
    const [first] = failures;
    const message = failures.map((one) => `${one.code} ${one.key ?? ''}: ${one.message}`).join('; ');
    return new Failure(first.code, message, { retryable: failures.some((one) => one.retryable), cause: first });
  }
}

/** An object changed between reading and writing: look again. */
class Conflict extends Failure {
  constructor(cause) {
    super('CONFLICT', 'another writer was faster', { retryable: true, cause });
  }
}

/** Whatever was thrown, as a failure. What is not the object's fault may pass: a network, a service, a permission. */
function toFailure(error) {
  if (error instanceof Failure) return error;
  if (error?.name === 'KeenpixError') return new Failure(error.code, error.message, { retryable: error.retryable, cause: error });
  return new Failure(error?.Code ?? error?.name ?? 'UNKNOWN', error?.message ?? String(error), { retryable: true, cause: error });
}

module.exports = { Failure, Conflict, toFailure };
