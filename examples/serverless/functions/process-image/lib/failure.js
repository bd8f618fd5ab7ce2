'use strict';

/**
 * Why a record failed. `code` is stable. `fault` says whose it is: `passing` (the moment's: the same event may succeed later), `poison`
 * (the object's: it fails whenever it is tried) or `setup` (a permission, a bucket, a rule that feeds itself: somebody has to fix it).
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

/** What the library threw, as a failure. */
function toFailure(error) {
  if (error instanceof Failure) return error;
  if (error?.name === 'KeenpixError')
    return new Failure(error.retryable ? 'passing' : 'poison', error.code, error.message, error);
  return new Failure('poison', 'INTERNAL', `while transforming: ${error?.message ?? error}`, error);
}

module.exports = { Failure, toFailure };
