'use strict';

const { readEvent } = require('./events');
const { Failure } = require('./failure');
const { report } = require('./make');
const { settle } = require('./settle');

// The time reserved for responding, in milliseconds.
const MARGIN = 1500;
const LONGEST = 15 * 60_000;

/**
 * The function: events in, objects out. All of its effects go through `store` (the buckets), `reject` (reports final
 * failures; optional) and `log`.
 *
 * It returns `{ batchItemFailures }`: the messages of an SQS batch that must be delivered again. For any other event,
 * failures are thrown after the last record was tried: the service then retries, and what is already done costs only a
 * few requests.
 */
function createHandler({ config, store, transformMany, reject, log = console, now = Date.now }) {
  const fixed = {
    config,
    store,
    transformMany,
    reject,
    now,
    remembers: Boolean(reject || config.ledger),
  };

  return async function handle(event, context) {
    const end = Date.now() + (context?.getRemainingTimeInMillis?.() ?? LONGEST + MARGIN) - MARGIN;
    const left = () => Math.max(0, end - Date.now());
    const tools = { ...fixed, left, signal: AbortSignal.timeout(left()) };
    const unsettled = [];
    // One after the other, so that the function's memory has to hold only one image.
    for (const { item, record, failure } of readEvent(event)) {
      const line = { bucket: record?.bucket, key: record?.key, item };
      try {
        if (failure) {
          await report(undefined, item, failure, tools);
          throw failure;
        }
        const result = await inTime(record, item, tools);
        log.info(JSON.stringify({ ...line, ...result }));
      } catch (error) {
        const why =
          error instanceof Failure ? error : new Failure('passing', 'INTERNAL', String(error?.message ?? error), error);
        if (!why.recorded) unsettled.push({ item, record, failure: why });
        const message = `${why.code}: ${why.message}`;
        log.error(JSON.stringify({ ...line, outcome: 'failed', code: why.code, retryable: why.retryable, message }));
      }
    }
    const alone = unsettled.filter(({ item }) => item === undefined);
    if (alone.length > 0) throw Failure.all(alone);
    const items = new Set(unsettled.map(({ item }) => item));
    return { batchItemFailures: [...items].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

async function inTime(record, item, tools) {
  const late = (cause) => new Failure('passing', 'DEADLINE', "the invocation's time was over", cause);
  if (tools.left() === 0) throw late();
  try {
    return await settle(record, item, tools);
  } catch (error) {
    if (tools.signal.aborted && (!(error instanceof Failure) || error.retryable)) throw late(error);
    throw error;
  }
}

module.exports = { createHandler };
