'use strict';

const native = require('./native.cjs');
const { callOptions } = require('./options.cjs');
const { readInput, readInputSync } = require('./input.cjs');
const { work, workSync } = require('./work.cjs');

async function stats(input, options = {}) {
  const call = callOptions(options);
  const bytes = await readInput(input, call);
  return figures(await work(call, (...rest) => native.stats(bytes, call.limits, ...rest)));
}

function statsSync(input, options = {}) {
  const call = callOptions(options);
  const bytes = readInputSync(input, call);
  return figures(workSync(call, (...rest) => native.statsSync(bytes, call.limits, ...rest)));
}

function figures({ stats }) {
  return JSON.parse(stats);
}

module.exports = { stats, statsSync };
