'use strict';

/**
 * Why a record failed. `code` is stable. `fault` says what is at fault: `passing` (a temporary condition: the same
 * event may succeed later), `poison` (the object: it fails every time) or `setup` (a permission, a bucket, a plan that
 * can't be carried out, a rule that feeds itself: somebody must fix it).
 */
class Failure extends Error {
  constructor(fault, code, message, cause) {
    super(message, { cause });
    this.name = code;
    this.code = code;
    this.fault = fault;
    /** Whether it was reported or is in the ledger, which settles it. */
    this.recorded = false;
  }

  get retryable() {
    return this.fault === 'passing';
  }

  /** Combines all unsettled failures into one error for the runtime, whose message a dead letter shows. */
  static all(entries) {
    const text = ({ failure, record }) =>
      `${failure.code}: ${failure.message}${record ? ` (${record.bucket}/${record.key})` : ''}`;
    const [{ failure: first }] = entries;
    return new Failure(first.fault, first.code, entries.map(text).join('; '), first);
  }
}

// Faults of the set-up, whatever the object: by code, or by reason if the code can mean either.
const SETUP = ['BAD_PLAN', 'BAD_ARGUMENT', 'not-built', 'output-too-large', 'bad-layer'];

/** Converts an error of the library to a failure. */
function toFailure(error) {
  if (error instanceof Failure) return error;
  if (error?.name === 'KeenpixError') {
    const { code, reason, retryable, message } = error;
    const setup = SETUP.includes(code) || SETUP.includes(reason);
    return new Failure(setup ? 'setup' : retryable ? 'passing' : 'poison', code, message, error);
  }
  return new Failure('poison', 'INTERNAL', `while transforming: ${error?.message ?? error}`, error);
}

module.exports = { Failure, toFailure };
