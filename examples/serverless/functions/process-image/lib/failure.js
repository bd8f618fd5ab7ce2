'use strict';

/**
 * Why a record failed. `code` is stable. `fault` says whose it is: `passing` (the moment's: the same event may succeed
 * later), `poison` (the object's: it fails whenever it is tried) or `setup` (a permission, a bucket, a plan that can't
 * be carried out, a rule that feeds itself: somebody has to fix it).
 */
class Failure extends Error {
  constructor(fault, code, message, cause) {
    super(message, { cause });
    this.name = code;
    this.code = code;
    this.fault = fault;
    /** Whether it was reported, or stands in the ledger: then it is settled. */
    this.recorded = false;
  }

  get retryable() {
    return this.fault === 'passing';
  }

  /** One error for the runtime out of all that nothing has settled: its message is what a dead letter shows. */
  static all(entries) {
    const text = ({ failure, record }) =>
      `${failure.code}: ${failure.message}${record ? ` (${record.bucket}/${record.key})` : ''}`;
    const [{ failure: first }] = entries;
    return new Failure(first.fault, first.code, entries.map(text).join('; '), first);
  }
}

// What the set-up is at fault for, whatever the object: by code, or by the reason where a code can mean either.
const SETUP = ['BAD_PLAN', 'BAD_ARGUMENT', 'not-built', 'output-too-large', 'bad-layer'];

/** What the library threw, as a failure. */
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
