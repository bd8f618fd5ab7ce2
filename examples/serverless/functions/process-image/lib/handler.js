'use strict';

const { readEvent } = require('./events');
const { Failure, toFailure } = require('./failure');
const { decide } = require('./keys');
const { reconcile } = require('./reconcile');

// What is left for answering when the work is stopped, in milliseconds.
const MARGIN = 1500;
const LONGEST = 15 * 60_000;

/**
 * The function: events in, objects out. All of its effects go through `store` (the buckets), `reject` (where final failures
 * are reported; optional) and `log`.
 *
 * A batch of a queue fails record by record. For every other sender a failure is thrown after the last record was tried: the
 * service tries again, and what is done already costs one request by then.
 */
function createHandler({ config, store, transformMany, reject, log = console }) {
  return async function handle(event, context) {
    const { envelope, records, failures } = readEvent(event);
    const end = Date.now() + (context?.getRemainingTimeInMillis?.() ?? LONGEST) - MARGIN;
    const left = () => Math.max(0, end - Date.now());
    const signal = AbortSignal.timeout(left());
    const reported = new Set(); // a second round for a record reports nothing twice
    const report = async (record, failure) => {
      if (!reject) return false;
      if (!reported.has(record)) await reject(record, failure);
      reported.add(record);
      return true;
    };
    const results = [];

    for (const failure of [...failures]) {
      if (!failure.retryable && (await report({ item: failure.item }, failure))) failures.splice(failures.indexOf(failure), 1);
      say(log, { outcome: 'failed', code: failure.code, message: failure.message, item: failure.item });
    }
    for (const record of records) {
      const line = { bucket: record.bucket, key: record.key, item: record.item };
      try {
        const result = await one(record, { config, store, transformMany, signal, left, report, reports: reject !== undefined });
        results.push({ ...line, ...result });
        say(log, { ...line, ...result });
      } catch (error) {
        const failure = signal.aborted ? outOfTime(error) : toFailure(error);
        Object.assign(failure, line);
        failures.push(failure);
        say(log, { ...line, outcome: 'failed', code: failure.code, retryable: failure.retryable, message: failure.message });
      }
    }

    if (envelope === 'sqs') {
      const items = [...new Set(failures.map(({ item }) => item))];
      return { batchItemFailures: items.map((itemIdentifier) => ({ itemIdentifier })), results };
    }
    if (failures.length > 0) throw Failure.all(failures);
    return { results };
  };
}

async function one(record, tools) {
  const { action, why } = decide(record, tools.config);
  if (action === 'skip') return { outcome: 'skipped', why };
  if (action === 'refuse') {
    const failure = new Failure(why, `what is made of ${record.key} would be an upload again`);
    if (await tools.report(record, failure)) return { outcome: 'rejected', code: why };
    throw failure;
  }
  return reconcile(record, tools);
}

function outOfTime(cause) {
  const failure = toFailure(cause);
  return failure.retryable ? new Failure('DEADLINE', 'out of time', { retryable: true, cause }) : failure;
}

function say(log, line) {
  (line.outcome === 'failed' ? log.error : log.info).call(log, JSON.stringify(line));
}

module.exports = { createHandler };
