'use strict';

// The arithmetic of resizing, as libvips does it.

const { anchors } = require('../names.cjs');

/** Source pixels per output pixel in each direction, before rounding. */
function shrinks({ width, height }, target, state) {
  if (state.keepsScale) return { across: 1, down: 1 };
  let across = target.width > 0 ? width / target.width : 1;
  let down = target.height > 0 ? height / target.height : 1;
  if (target.width > 0 && target.height > 0) {
    if (state.canvas === 'cover' || state.canvas === 'outside') across = down = Math.min(across, down);
    else if (state.canvas !== 'fill') across = down = Math.max(across, down);
  } else if (state.canvas !== 'fill') {
    across = down = target.width > 0 ? across : down;
  }
  const bound = (shrink) => {
    if (state.withoutReduction) return Math.min(1, shrink);
    return state.withoutEnlargement ? Math.max(1, shrink) : shrink;
  };
  return { across: Math.min(bound(across), width), down: Math.min(bound(down), height) };
}

const halfUp = (value) => Math.max(1, Math.floor(value + 0.5));

const halfEven = (value) => {
  const rounded = Math.round(value);
  return Math.max(1, Math.abs(value % 1) === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded);
};

/** The size after shrinking. The height of an animation's frame is rounded differently. */
function scaledSize({ width, height }, { across, down }, pages = 1) {
  return {
    width: halfUp(scaled(width, across)),
    height: pages > 1 ? halfEven(height / down) : halfUp(scaled(height, down)),
  };
}

/** A side before rounding, with libvips' own divisions, which decide how half pixels round. */
const scaled = (side, shrink) => (shrink < 1 ? side * (1 / shrink) : side / (1 / (1 / shrink)));

/**
 * The size after shrinking on load in libvips, from which its resize starts, so that it rounds twice. The core rounds
 * once, and is told the resulting size.
 */
function shrunkOnLoad(size, shrink, { format, header }, fast) {
  const least = Math.min(shrink.across, shrink.down);
  const each = (change) => ({ width: change(size.width), height: change(size.height) });
  if (format === 'jpeg') {
    const factor = fast ? 1 : 2;
    let scale = [8, 4, 2].find((power) => least >= power * factor) ?? 1;
    if (scale > 1 && Math.trunc(least) === scale) scale /= 2;
    // Pixels beyond whole steps are cut off.
    return { scale, size: each((side) => Math.max(1, Math.floor(side / scale))) };
  }
  const scales = format === 'svg' || (format === 'webp' && header.frames === 1 && fast && least > 1);
  if (scales) return { scale: least, size: each((side) => halfUp(side / least)) };
  return { scale: 1, size };
}

/** The position within the free space: 0 is left or top. */
const FRACTIONS = {
  0: [0.5, 0.5],
  1: [0.5, 0],
  2: [1, 0.5],
  3: [0.5, 1],
  4: [0, 0.5],
  5: [1, 0],
  6: [1, 1],
  7: [0, 1],
  8: [0, 0],
};

/** Left and top of a crop: half pixels round to the right. */
function cutAt(inner, outer, position) {
  const [x, y] = FRACTIONS[position] ?? FRACTIONS[0];
  return { left: Math.ceil((inner.width - outer.width) * x), top: Math.ceil((inner.height - outer.height) * y) };
}

/** Left and top of an image on a larger canvas: half pixels round to the left. */
function placeAt(inner, outer, position) {
  const [x, y] = FRACTIONS[position] ?? FRACTIONS[0];
  return { left: Math.floor((outer.width - inner.width) * x), top: Math.floor((outer.height - inner.height) * y) };
}

const isSearch = (position) => position >= 16;

const anchorName = (position, canvas) => (isSearch(position) && canvas !== 'cover' ? 'centre' : anchors[position]);

module.exports = { anchorName, cutAt, isSearch, placeAt, scaledSize, shrinks, shrunkOnLoad };
