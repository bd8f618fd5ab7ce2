'use strict';

const native = require('./native.cjs');
const { KeenpixError, badArgument } = require('./error.cjs');
const { callOptions, elapsed, planText, kind } = require('./options.cjs');
const { readInput, readInputSync } = require('./input.cjs');

async function transform(input, plan, options = {}) {
  const [image] = await run(input, [planText(plan)], callOptions(options));
  return image;
}

async function transformMany(input, plans, options = {}) {
  return run(input, planTexts(plans), callOptions(options));
}

function transformSync(input, plan, options = {}) {
  const [image] = runSync(input, [planText(plan)], callOptions(options));
  return image;
}

function transformManySync(input, plans, options = {}) {
  return runSync(input, planTexts(plans), callOptions(options));
}

async function run(input, plans, call) {
  const bytes = await readInput(input, call);
  const { signal } = call;
  if (signal === undefined) return images(await native.transform(bytes, plans, call.limits, call.deadline, elapsed(call)));
  const flag = new native.Cancel();
  const raise = () => flag.cancel();
  if (signal.aborted) raise();
  signal.addEventListener('abort', raise, { once: true });
  try {
    const outcome = await native.transform(bytes, plans, call.limits, call.deadline, elapsed(call), flag);
    return images(outcome, signal);
  } finally {
    signal.removeEventListener('abort', raise);
  }
}

function runSync(input, plans, call) {
  const bytes = readInputSync(input, call);
  if (call.signal?.aborted) throw new KeenpixError(native.cancelledFault(), call.signal.reason);
  return images(native.transformSync(bytes, plans, call.limits, call.deadline, elapsed(call)));
}

function images({ images, fault }, signal) {
  if (fault) throw new KeenpixError(fault, fault.code === 'CANCELLED' ? signal?.reason : undefined);
  return images.map(({ bytes, report, mediaType, extension }) => ({ bytes, ...JSON.parse(report), mediaType, extension }));
}

function planTexts(plans) {
  if (!Array.isArray(plans)) {
    throw badArgument(`plans have to be an array, not ${kind(plans)}`, 'For one plan there is transform().');
  }
  return plans.map((plan) => planText(plan));
}

module.exports = { transform, transformSync, transformMany, transformManySync };
