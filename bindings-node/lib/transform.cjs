'use strict';

const native = require('./native.cjs');
const { badArgument } = require('./error.cjs');
const { callOptions, planText, kind } = require('./options.cjs');
const { readInput, readInputSync } = require('./input.cjs');
const { work, workSync } = require('./work.cjs');

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
  return images(await work(call, (...rest) => native.transform(bytes, plans, call.limits, ...rest)));
}

function runSync(input, plans, call) {
  const bytes = readInputSync(input, call);
  return images(workSync(call, (...rest) => native.transformSync(bytes, plans, call.limits, ...rest)));
}

function images({ images }) {
  return images.map(({ bytes, report, mediaType, extension }) => ({
    bytes,
    ...JSON.parse(report),
    mediaType,
    extension,
  }));
}

function planTexts(plans) {
  if (!Array.isArray(plans)) {
    throw badArgument(`plans must be an array, not ${kind(plans)}`, 'For a single plan, use transform().');
  }
  return plans.map((plan, i) => planText(plan, `plans[${i}]`));
}

module.exports = { transform, transformSync, transformMany, transformManySync };
