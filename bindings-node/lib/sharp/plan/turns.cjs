'use strict';

// Quarter turns and mirrors: their effect on sizes and rectangles, and their form in a plan.

/** The steps that turn each EXIF orientation upright. */
const UPRIGHT = {
  1: [],
  2: ['flop'],
  3: ['180'],
  4: ['180', 'flop'],
  5: ['90', 'flop'],
  6: ['90'],
  7: ['270', 'flop'],
  8: ['270'],
};

/** The steps for a clockwise angle that is a multiple of 90; may be negative. */
function quarterTurns(angle) {
  const degrees = ((angle % 360) + 360) % 360;
  return degrees === 0 ? [] : [String(degrees)];
}

const transposes = (steps) => steps.filter((step) => step === '90' || step === '270').length % 2 === 1;

const turnedSize = ({ width, height }, steps) =>
  transposes(steps) ? { width: height, height: width } : { width, height };

/** Where a rectangle of an image of `size` ends up. */
function turnedRect(rect, size, steps) {
  let [at, { width, height }] = [rect, size];
  for (const step of steps) {
    const right = width - at.left - at.width;
    const bottom = height - at.top - at.height;
    if (step === 'flop') at = { ...at, left: right };
    else if (step === 'flip') at = { ...at, top: bottom };
    else if (step === '180') at = { ...at, left: right, top: bottom };
    else if (step === '90') at = { left: bottom, top: at.left, width: at.height, height: at.width };
    else at = { left: at.top, top: right, width: at.height, height: at.width };
    ({ width, height } = turnedSize({ width, height }, [step]));
  }
  return at;
}

/** Reduces any sequence of steps to one turn and one mirroring, in a plan's order. */
function asOrient(steps) {
  let [quarters, flop] = [0, false];
  for (const step of steps) {
    if (step === 'flop') {
      flop = !flop;
    } else if (step === 'flip') {
      quarters += 2;
      flop = !flop;
    } else {
      quarters += (flop ? -1 : 1) * (Number(step) / 90);
    }
  }
  return { rotate: (((quarters % 4) + 4) % 4) * 90, flop };
}

module.exports = { UPRIGHT, asOrient, quarterTurns, transposes, turnedRect, turnedSize };
