'use strict';

// The resize of a chain, and the crop or padding that follows it.

const { cssColour } = require('../colours.cjs');
const { wholeSteps } = require('./crop.cjs');
const { anchorName, cutAt, placeAt, scaledSize, shrinks, shrunkOnLoad } = require('./sizes.cjs');
const { transposes, turnedSize } = require('./turns.cjs');

const resizes = (state) => state.width > 0 || state.height > 0;

/** Adds the resize to a plan; crop or padding that must come later goes into `facts`. */
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
  // A drawing is rendered at the size needed. Neither sharp nor the core accepts a higher density than this.
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

/** libvips always enlarges with `cubic`, except for `nearest` and `linear`. */
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
    // If both are set, sharp honours `withoutReduction`.
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

/** Crops or pads what has already been scaled. */
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
 * The size after scaling alone, in the plan's coordinates; the shrink factors; how much of that the decoder does, and
 * which part of the image it then uses.
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
