'use strict';

// Everything after the resize, as a plan's list of effects. Their order is that of sharp's pipeline.cc, not of the
// calls, and it affects the pixels.

const { cssColour } = require('../colours.cjs');
const { plain } = require('../errors.cjs');
const { anchors } = require('../names.cjs');
const { checkExtract } = require('./crop.cjs');
const { isGrey } = require('./encode.cjs');

/** A layer of black behind everything. */
const BLACK = {
  source: { create: { width: 1, height: 1, channels: 3, background: '#000000' } },
  blend: 'dest-over',
  tile: true,
};

/**
 * The effects of a chain. `facts` holds what is known about the image at each step, such as its size and alpha.
 */
function effectsOf(state, source, facts, format) {
  const effects = [];
  const add = (effect, options) => effects.push({ effect, ...options });
  // With a resize, the first gamma curve is in a plan of its own, or both curves are in the resize.
  if (state.gamma > 0 && !facts.gammaInResize) add('gamma', { exponent: 1 / state.gamma });
  if (state.greyscale) add('greyscale');
  if (facts.fitting) effects.push(greyed(facts.fitting, state));
  if (state.rotationAngle !== 0 && !state.rotateBefore) {
    add('rotate', { angle: state.rotationAngle, background: cssColour(state.rotationBackground) });
    facts.alpha ||= state.rotationBackground[3] < 255;
    facts.size = undefined;
  }
  if (state.extractPost) extract(state.extractPost, facts, add);
  if (state.extend) extend(state, facts, add);
  if (state.medianSize > 1) median(state, facts, source, add);
  if (state.threshold !== 0) add('threshold', { value: state.threshold, greyscale: state.thresholdGrayscale });
  if (state.blurSigma !== 0)
    add('blur', state.blurSigma > 0 ? { sigma: state.blurSigma, amplitude: state.minAmpl } : {});
  if (state.brightness !== 1 || state.saturation !== 1 || state.hue !== 0 || state.lightness !== 0) {
    add('modulate', {
      brightness: state.brightness,
      saturation: state.saturation,
      hue: state.hue,
      lightness: state.lightness,
    });
  }
  if (state.sharpenSigma !== 0) sharpen(state, add);
  facts.premultiplied = facts.premultiplies && (facts.resized || state.blurSigma !== 0 || state.sharpenSigma !== 0);
  if (state.composite.length > 0) composite(state, facts, add);
  // Within the resize the second curve undoes the first exactly: what remains is the ratio of the two exponents.
  const out = facts.gammaInResize ? state.gammaOut / state.gamma : state.gammaOut;
  if (out > 0 && (out !== 1 || !facts.gammaInResize)) add('gamma', { exponent: out });
  if (state.linearA.length > 0) linear(state, facts, add);
  // libvips takes whole percentiles.
  if (state.normalise)
    add('normalise', { lower: Math.trunc(state.normaliseLower), upper: Math.trunc(state.normaliseUpper) });
  if (state.tint) add('tint', { colour: cssColour([...state.tint.slice(0, 3), 255]) });
  if (state.removeAlpha) {
    add('remove-alpha');
    facts.alpha = false;
  }
  if (state.ensureAlpha !== -1 && !facts.alpha) {
    add('ensure-alpha', { value: state.ensureAlpha });
    facts.alpha = true;
  }
  // The conversion to the output's colour space comes before negate(), and before a colour profile.
  if (state.colourspace === 'b-w' && !state.greyscale && (state.negate || !isGrey(state, format))) add('greyscale');
  if (state.negate) add('negate', { alpha: state.negateAlpha });
  // Areas that became transparent after flatten() are put on black by sharp's encoder, not on flatten()'s colour.
  if (format === 'jpeg' && state.flatten && facts.alpha) add('composite', { layers: [BLACK] });
  if (format === 'raw' && isGrey(state, format) && facts.alpha) add('remove-alpha');
  return effects;
}

/**
 * If the image has become grey, sharp converts the background to grey with the weights of ITU-R BT.709 on the stored
 * values.
 */
function greyed(fitting, state) {
  if (!state.greyscale || !fitting.background) return fitting;
  const [red, green, blue, alpha] = state.resizeBackground;
  const grey = Math.min(255, 0.2126 * red + 0.7152 * green + 0.0722 * blue);
  return { ...fitting, background: cssColour([grey, grey, grey, alpha]) };
}

function extract(rect, facts, add) {
  if (facts.size) checkExtract(rect, facts.size);
  add('crop', rect);
  facts.size = { width: rect.width, height: rect.height };
}

function extend(state, facts, add) {
  const { top, right, bottom, left } = state.extend;
  if (top + right + bottom + left === 0) return;
  add('extend', {
    top,
    right,
    bottom,
    left,
    edge: state.extendWith,
    background: cssColour(state.extendBackground),
  });
  if (state.extendWith === 'background') facts.alpha ||= state.extendBackground[3] < 255;
  if (facts.size) facts.size = { width: facts.size.width + left + right, height: facts.size.height + top + bottom };
}

/** libvips stacks the frames of an animation in one strip, so a window may be as high as all of them. */
function median({ medianSize: size }, { size: picture }, { pages }, add) {
  if (picture && (size > picture.width || size > picture.height * pages)) {
    throw plain(
      `rank: window too large: ${size}×${size} in an image of ${picture.width}×${picture.height}`,
      'BAD_PLAN',
      'use a smaller median',
    );
  }
  add('median', { size });
}

function sharpen(state, add) {
  if (state.sharpenSigma < 0) return add('sharpen');
  return add('sharpen', {
    sigma: state.sharpenSigma,
    flat: state.sharpenM1,
    jagged: state.sharpenM2,
    threshold: state.sharpenX1,
    brighten: state.sharpenY2,
    darken: state.sharpenY3,
  });
}

function composite(state, facts, add) {
  add('ensure-alpha');
  const layers = state.composite.map(({ prepared, left, top, gravity, blend, tile }) => {
    // The gravity decides the number of tiles, even if an offset says where they begin.
    const place = left === undefined || tile ? { position: anchors[gravity] } : {};
    return { source: prepared.source, blend, tile, ...place, ...(left !== undefined && { left, top }) };
  });
  add('composite', { layers });
  facts.alpha = true;
}

function linear(state, facts, add) {
  const [slope, offset] = [[...state.linearA], [...state.linearB]];
  const channels = (state.greyscale ? 1 : 3) + (facts.alpha ? 1 : 0);
  if (slope.length > channels) {
    throw plain(
      `Band expansion using linear is unsupported: ${slope.length} values for ${channels} channels`,
      'BAD_PLAN',
    );
  }
  add('linear', { slope, offset });
}

module.exports = { effectsOf };
