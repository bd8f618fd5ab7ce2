'use strict';

// The resize of a chain, and the cut or the border that follows it.

const { cssColour } = require('../colours.cjs');
const { wholeSteps } = require('./crop.cjs');
const { anchorName, cutAt, placeAt, scaledSize, shrinks, shrunkOnLoad } = require('./sizes.cjs');
const { transposes, turnedSize } = require('./turns.cjs');

const resizes = (state) => state.width > 0 || state.height > 0;

/** The resize, and what is cut off or added around after it. */
function resizeInto(plan, facts, { state, source, size, turns }) {
  facts.size = size;
  if (!resizes(state)) return;
  if (!size) {
    plan.resize = plainResize(state, state);
    facts.resized = true;
    return;
  }
  const { scaled, shrink, scale, used } = solve({ state, source, size, turns });
  if (used) plan.crop = used;
  // A drawing is drawn at the size that it is needed in; more dots per inch than these neither sharp nor the core
  // takes.
  if (source.format === 'svg' && scale !== 1) plan.dpi = Math.min(100000, state.input.density / scale);
  const target = {
    width: state.width > 0 ? state.width : scaled.width,
    height: state.height > 0 ? state.height : scaled.height,
  };
  facts.resized = shrink.across !== 1 || shrink.down !== 1;
  facts.loadScale = scale;
  facts.size = finalSize(state, scaled, target);
  facts.gammaInResize = state.gamma > 0;
  const padded = state.canvas === 'contain' && (scaled.width < facts.size.width || scaled.height < facts.size.height);
  const cut = facts.size.width < scaled.width || facts.size.height < scaled.height;
  const kernel = enlarges(shrink) ? enlarging(state.kernel) : state.kernel;
  if (cut && !transposes(turns.turnsAfter)) {
    plan.resize = {
      ...plainResize(state, target),
      kernel,
      ...(facts.gammaInResize && { light: { gamma: state.gamma } }),
    };
    return;
  }
  plan.resize = { ...scaled, fit: 'fill', kernel };
  if (facts.gammaInResize) plan.resize.light = { gamma: state.gamma };
  if (padded || cut) fitAfter(facts, state, scaled);
}

const enlarges = ({ across, down }) => across < 1 && down < 1;

/** libvips enlarges with one kernel, unless it is told to take neighbours or straight lines. */
const enlarging = (kernel) => (kernel === 'nearest' || kernel === 'linear' ? kernel : 'cubic');

function plainResize(state, { width, height }) {
  return {
    ...(width > 0 && { width }),
    ...(height > 0 && { height }),
    fit: state.canvas,
    position: anchorName(state.position, state.canvas),
    kernel: state.kernel,
    background: cssColour(state.resizeBackground),
    ...((state.withoutReduction || state.keepsScale) && { reduce: false }),
    // Of the two, sharp heeds the one against reduction.
    ...(((state.withoutEnlargement && !state.withoutReduction) || state.keepsScale) && { enlarge: false }),
  };
}

function finalSize(state, scaled, target) {
  if (state.canvas === 'contain') {
    return { width: Math.max(scaled.width, target.width), height: Math.max(scaled.height, target.height) };
  }
  if (state.canvas !== 'cover') return scaled;
  return { width: Math.min(scaled.width, target.width), height: Math.min(scaled.height, target.height) };
}

/** Cuts or pads what has been scaled already. */
function fitAfter(facts, state, scaled) {
  const outer = facts.size;
  if (state.canvas !== 'contain') {
    facts.fitting = { effect: 'crop', ...cutAt(scaled, outer, state.position), ...outer };
    return;
  }
  const { left, top } = placeAt(scaled, outer, state.position);
  const border = { left, top, right: outer.width - scaled.width - left, bottom: outer.height - scaled.height - top };
  facts.fitting = { effect: 'extend', ...border, background: cssColour(state.resizeBackground) };
  facts.alpha ||= state.resizeBackground[3] < 255;
}

/**
 * The size after the scaling alone, in the coordinates of the plan; how much that shrinks; and what a decoder does of
 * it.
 */
function solve({ state, source, size, turns }) {
  const target = { width: state.width, height: state.height };
  let upright = turnedSize(size, turns.turnsAfter);
  let shrink = shrinks(upright, target, state);
  let [scale, used] = [1, undefined];
  if (!state.extractPre && !state.trim && state.gamma === 0 && turns.before.length === 0 && !source.derived) {
    ({ scale, size: upright } = shrunkOnLoad(upright, shrink, source, state.fastShrinkOnLoad));
    shrink = shrinks(upright, target, state);
    if (source.format === 'jpeg' && scale > 1) used = wholeSteps(source, scale, turns.after);
  }
  return { used, scaled: turnedSize(scaledSize(upright, shrink, source.pages), turns.turnsAfter), shrink, scale };
}

module.exports = { resizeInto, resizes, solve };
