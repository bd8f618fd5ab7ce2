'use strict';

/**
 * Compares the sequencers of two events of one key: `same`, `older`, `newer` or `unsure`.
 *
 * They are hexadecimal and differ in length. One page of the S3 guide pads the shorter one on the right, another on the
 * left, so the result is certain only if both ways of padding agree.
 */
function compareSequencers(a, b) {
  if (!a || !b) return 'unsure';
  const length = Math.max(a.length, b.length);
  const [x, y] = [a.toUpperCase(), b.toUpperCase()];
  const left = order(x.padStart(length, '0'), y.padStart(length, '0'));
  const right = order(x.padEnd(length, '0'), y.padEnd(length, '0'));
  if (left !== right) return 'unsure';
  return left < 0 ? 'older' : left > 0 ? 'newer' : 'same';
}

function order(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

module.exports = { compareSequencers };
