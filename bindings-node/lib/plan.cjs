'use strict';

const native = require('./native.cjs');
const { KeenpixError } = require('./error.cjs');
const { planText } = require('./options.cjs');

function canonicalPlan(text) {
  const { plan, fault } = native.canonicalPlan(planText(text));
  if (fault) throw new KeenpixError(fault);
  return plan;
}

module.exports = { canonicalPlan };
