'use strict';

// What is cropped before the resize: the area of `extract()`, and the edges that shrinking on load leaves out.

const { plain } = require('../errors.cjs');
const { turnedRect, turnedSize } = require('./turns.cjs');

/** The part extracted before the resize, in the plan's coordinates, and the resulting size. */
function cropOf(state, source, turns) {
  const size = turnedSize(source, turns.before);
  const rect = state.extractPre;
  if (!rect) return { size: state.trim ? undefined : turnedSize(size, turns.after) };
  checkArea(rect);
  if (!state.trim) checkExtract(rect, size);
  const crop = state.trim ? rect : turnedRect(rect, size, turns.after);
  return { crop, size: turnedSize(rect, turns.after) };
}

function checkArea({ width, height }) {
  if (width === 0 || height === 0) {
    throw plain(
      `extract_area: parameter ${width === 0 ? 'width' : 'height'} not set: an area of ${width}×${height} is empty`,
    );
  }
}

/** The core would find the fault too, but report it in the plan's coordinates, which come after all turns. */
function checkExtract({ left, top, width, height }, size) {
  checkArea({ width, height });
  if (left + width > size.width || top + height > size.height) {
    throw plain(
      `extract_area: bad extract area: ${width}×${height} at ${left},${top} is not within ${size.width}×${size.height}`,
      'BAD_PLAN',
      'compare with metadata().autoOrient, or with the size after resize()',
    );
  }
}

/** The part of an image that a decoder shrinking by `scale` reads, if that is not all of it: whole steps only. */
function wholeSteps({ width, height }, scale, steps) {
  const seen = (side) => (side < scale ? side : side - (side % scale));
  const rect = { left: 0, top: 0, width: seen(width), height: seen(height) };
  return rect.width === width && rect.height === height ? undefined : turnedRect(rect, { width, height }, steps);
}

module.exports = { checkExtract, cropOf, wholeSteps };
