'use strict';

const native = require('./native.cjs');
const { KeenpixError } = require('./error.cjs');
const { elapsed } = require('./options.cjs');

/**
 * Runs native work that can be stopped, and returns its outcome. `start` receives the last arguments of the native
 * call: the deadline, the time elapsed and, with a signal, the flag.
 */
async function work({ signal, deadline, ...call }, start) {
  if (signal === undefined) return checked(await start(deadline, elapsed(call)), call);
  const flag = new native.Cancel();
  const raise = () => flag.cancel();
  if (signal.aborted) raise();
  signal.addEventListener('abort', raise, { once: true });
  try {
    return checked(await start(deadline, elapsed(call), flag), { signal, ...call });
  } finally {
    signal.removeEventListener('abort', raise);
  }
}

/** Blocking version of `work`: a signal can't fire while it runs. */
function workSync({ signal, deadline, ...call }, start) {
  if (signal?.aborted) throw new KeenpixError(native.cancelledFault(), signal.reason);
  return checked(start(deadline, elapsed(call)));
}

/** The outcome of native work, unless that is a fault. */
function checked(outcome, { signal, begun } = {}) {
  const { fault } = outcome;
  if (!fault) return outcome;
  if (begun && fault.code === 'NOT_AN_IMAGE') {
    fault.message += '; a part of the stream had been read before, so its start is missing';
  }
  throw new KeenpixError(fault, fault.code === 'CANCELLED' ? signal?.reason : undefined);
}

module.exports = { work, workSync, checked };
