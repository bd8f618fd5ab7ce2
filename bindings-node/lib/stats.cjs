'use strict';

const native = require('./native.cjs');
const { callOptions } = require('./options.cjs');
const { readInput, readInputSync } = require('./input.cjs');
const { work, workSync } = require('./work.cjs');

/** `tolerate` is as in a plan: how much damage is accepted. */
async function stats(input, options = {}, tolerate = 'truncated') {
  const call = callOptions(options);
  const bytes = await readInput(input, call);
  return figures(await work(call, (...rest) => native.stats(bytes, tolerate, call.limits, ...rest)));
}

function statsSync(input, options = {}) {
  const call = callOptions(options);
  const bytes = readInputSync(input, call);
  return figures(workSync(call, (...rest) => native.statsSync(bytes, 'truncated', call.limits, ...rest)));
}

function figures({ stats }) {
  return JSON.parse(stats);
}

module.exports = { stats, statsSync };
