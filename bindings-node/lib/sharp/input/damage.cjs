'use strict';

// How much damage of an input is accepted: `failOn`, per format as libvips has it.

const { plain, prematureEnd } = require('../errors.cjs');

/** From which `failOn` on damage is accepted as long as the file is all there. What libvips' reader of GIF makes of a file, it gives. */
const LENIENT = { jpeg: ['truncated', 'error'], png: ['truncated'], gif: ['truncated', 'error', 'warning'] };

/** What is tolerated, in a plan's word. */
const tolerates = (failOn, format) => (failOn === 'none' || LENIENT[format]?.includes(failOn) ? 'errors' : 'none');

/** What the core says of a file that is not all there; of a GIF frames may be missing. */
const CUT = { gif: /the file ends in frame 1$/, other: /the file ends|rows arrived/ };

/** Throws if what was passed over is more than `failOn` accepts. */
function checkDamage(failOn, { format, kind }, warnings) {
  if (failOn === 'none') return;
  const words = CUT[format] ?? CUT.other;
  const found = warnings.find((warning) => words.test(warning));
  if (found)
    throw plain(
      `${prematureEnd(format, kind)}: ${found}`,
      'TRUNCATED',
      "pass { failOn: 'none' } to take what there is",
    );
}

module.exports = { checkDamage, tolerates };
