'use strict';

// From a chain's options to a plan: sharp's one fixed order of operations, said in the plan's.
//
// A plan orients, trims, crops, resizes, flattens, and then carries out a list of effects. What sharp does in another order is
// said with numbers that are computed from the header, or, where a size is not known yet, in two plans, the second of
// which takes the first one's pixels.

const { cssColour } = require('./colours.cjs');
const { tolerates } = require('./damage.cjs');
const { checkLargest, encodeOf, outputFormat } = require('./encode.cjs');
const { plain } = require('./errors.cjs');
const { effectsOf } = require('./effects.cjs');
const { anchorName, cutAt, isSearch, placeAt, scaledSize, shrinks, shrunkOnLoad } = require('./sizes.cjs');
const { UPRIGHT, asOrient, quarterTurns, transposes, turnedRect, turnedSize } = require('./turns.cjs');

/**
 * The plan of a chain for a source, which is a header and says in `derived` whether the pixels are a plan's output. With `rest`,
 * the output of the plan is raw pixels, and `rest` is the chain that goes on with them.
 */
function translate(state, source) {
  const turns = turnsOf(state, source);
  checkPages(state, source, turns);
  const first = firstPlan(state, source, turns);
  if (first) return first;

  const format = outputFormat(state, source);
  const facts = { alpha: source.alpha && !state.flatten, resized: false, size: undefined };
  const plan = {
    ...inputOf(state, source),
    orient: orientOf(state, source, [...turns.before, ...turns.after]),
    background: cssColour(state.flatten ? [...state.flattenBackground.slice(0, 3), 255] : [0, 0, 0, 255]),
    flatten: state.flatten,
    metadata: metadataOf(state, source, format),
    effects: [],
  };
  if (state.trim) {
    plan.trim = trimOf(state.trim);
    checkTrim(source);
  }
  const cut = cropOf(state, source, turns);
  if (cut.crop) plan.crop = cut.crop;
  facts.alpha ||= state.composite.length > 0;
  facts.premultiplies = facts.alpha;
  resizeInto(plan, facts, { state, source, size: cut.size, turns });
  plan.effects.push(...effectsOf(state, source, facts, format));
  plan.encode = encodeOf(state, format);
  plan.colours = isGrey(state, format) ? 'grey' : 'rgb';
  if (facts.size) checkLargest(format, facts.size);
  return { plan, format, facts };
}

/** What is turned and mirrored before trim and extract, and what after them. */
function turnsOf(state, source) {
  const upright = state.input.autoOrient ? (UPRIGHT[source.orientation] ?? []) : [];
  const mirrors = [...(state.flip ? ['flip'] : []), ...(state.flop ? ['flop'] : [])];
  const own = [...mirrors, ...quarterTurns(state.angle)];
  const rotatesBefore = state.rotateBefore && (own.length > 0 || state.rotationAngle !== 0);
  const orientsBefore = rotatesBefore || state.orientBefore;
  return {
    before: [...(orientsBefore ? upright : []), ...(rotatesBefore ? own : [])],
    after: [...(orientsBefore ? [] : upright), ...(rotatesBefore ? [] : own)],
    uprightAfter: orientsBefore ? [] : upright,
    turnsAfter: rotatesBefore ? [] : quarterTurns(state.angle),
    anglesBefore: rotatesBefore && state.rotationAngle !== 0,
  };
}

const resizes = (state) => state.width > 0 || state.height > 0;

function checkPages(state, source, turns) {
  if (source.pages <= 1) return;
  const refuse = (what) => plain(`${what} is not supported for multi-page images`);
  const turnsAtAll = transposes([...turns.before, ...turns.after]) || state.rotationAngle !== 0;
  if (transposes(turns.before) || turns.anglesBefore || (turnsAtAll && !state.trim)) throw refuse('Rotate');
  if (state.trim) throw refuse('Trim');
  if (resizes(state) && state.canvas === 'cover' && isSearch(state.position) && state.width > 0 && state.height > 0)
    throw refuse('Resize strategy');
}

/**
 * A plan for what one plan can't say together with the rest: undefined for nearly every chain. Of an animation only one frame would come
 * through; what has to be in two plans for a still is refused for these, or is averaged in the curve of gamma.
 */
function firstPlan(state, source, turns) {
  if (turns.anglesBefore) {
    const plan = pixels(state, source, turns.before);
    plan.effects = [{ effect: 'rotate', angle: state.rotationAngle, background: cssColour(state.rotationBackground) }];
    return { plan, rest: { ...state, ...unturned(state) }, orientation: 1 };
  }
  // Without enlarging it is the size that says whether colours are multiplied by their alpha.
  const asksSize =
    ['fill', 'contain'].includes(state.canvas) || state.withoutReduction || (state.withoutEnlargement && source.alpha);
  const needsSize = resizes(state) && asksSize;
  const sizeUnknown = state.trim && (turns.after.length > 0 || needsSize);
  const inGamma = state.gamma > 0 && resizes(state) && source.pages === 1;
  if (!sizeUnknown && !inGamma) return searchAfterTurn(state, source, turns);
  const plan = pixels(state, source, turns.before);
  if (state.trim) plan.trim = trimOf(state.trim);
  const { crop } = cropOf(state, source, { ...turns, after: [] });
  if (crop) plan.crop = crop;
  const rest = { ...state, trim: null, extractPre: null, ...(turns.before.length > 0 && unturnedBefore(state)) };
  if (inGamma) {
    plan.flatten = state.flatten;
    plan.background = cssColour([...state.flattenBackground.slice(0, 3), 255]);
    plan.effects = [{ effect: 'gamma', exponent: 1 / state.gamma }];
    Object.assign(rest, { gamma: 0, flatten: false });
  }
  return { plan, rest, orientation: turns.uprightAfter.length > 0 ? source.orientation : 1 };
}

const unturned = (state) => ({
  angle: 0,
  rotationAngle: 0,
  flip: false,
  flop: false,
  rotateBefore: false,
  orientBefore: false,
  input: { ...state.input, autoOrient: false },
});

/** Without the turns that came before; the others are still to do. */
const unturnedBefore = (state) =>
  state.rotateBefore ? unturned(state) : { orientBefore: false, input: { ...state.input, autoOrient: false } };

/** A search that comes after a quarter turn that came after the resize: sharp cuts what it turned. */
function searchAfterTurn(state, source, turns) {
  if (!(transposes(turns.turnsAfter) && resizes(state) && state.canvas === 'cover' && isSearch(state.position)))
    return undefined;
  const plan = pixels(state, source, [...turns.before, ...turns.after]);
  const { crop, size } = cropOf(state, source, turns);
  if (crop) plan.crop = crop;
  const { scaled } = solve({ state, source, size, turns });
  plan.resize = { ...scaled, fit: 'fill', kernel: state.kernel };
  const rest = { ...state, ...unturned(state), extractPre: null, keepsScale: true };
  return { plan, rest, orientation: 1 };
}

/** A plan whose output goes into another plan. */
function pixels(state, source, steps) {
  const kept = state.keepExif || state.keepIcc || state.keepXmp;
  return {
    ...inputOf(state, source),
    orient: orientOf(state, source, steps),
    metadata: metadataOf(state, source, 'png'),
    encode: kept ? { format: 'png', compression: 0 } : { format: 'raw' },
    effects: [],
  };
}

function inputOf(state, source) {
  const plan = {};
  if (source.input) plan.input = source.input;
  else plan.tolerate = source.derived ? 'none' : tolerates(state.input.failOn, source.format);
  if (!source.derived) {
    const { page, ignoreIcc, density } = state.input;
    if (source.header?.frames > 1 && (page > 0 || source.pages > 1))
      plan.frames = { range: { start: page, count: source.pages } };
    if (ignoreIcc) plan.icc = 'ignore';
    if (source.format === 'svg') plan.density = density;
  }
  return plan;
}

/** Turning as the tag says is left to the core, which then mends the tag, if it is kept. */
function orientOf(state, source, steps) {
  const upright = UPRIGHT[source.orientation] ?? [];
  const first = upright.length > 0 && upright.every((step, i) => steps[i] === step);
  if (source.derived || !state.input.autoOrient || !first) return { auto: false, ...asOrient(steps) };
  return { auto: true, ...asOrient(steps.slice(upright.length)) };
}

const trimOf = ({ background, ...trim }) => ({ ...trim, ...(background && { background: cssColour(background) }) });

const metadataOf = (state, source, format) => ({
  exif: state.keepExif,
  xmp: state.keepXmp,
  icc: state.keepIcc && state.withIccProfile === '',
  // sRGB that is not to be named is what outputs are in anyway.
  ...(state.withIccProfile && (state.keepIcc || state.withIccProfile !== 'srgb') && { profile: state.withIccProfile }),
  ...orientationOf(state, source),
  ...densityOf(state, source, format),
});

/** Where EXIF is kept and there is none, sharp makes a block that says that the picture is upright. */
function orientationOf({ orientation, keepExif }, { header }) {
  if (orientation > 0) return { orientation };
  return keepExif && !(header?.exif > 0) ? { orientation: 1 } : {};
}

function checkTrim({ width, height }) {
  if (width < 3 && height < 3)
    throw plain(`Image to trim must be at least 3x3 pixels: it has ${width}×${height}`, 'BAD_INPUT');
}

/** A PNG says how dense it is as its input did; a JPEG does if EXIF is kept. */
function densityOf({ exifDensity, keepExif, input }, { header }, format) {
  const own = header?.format === 'svg' ? input.density : header?.density;
  const density = exifDensity || ((format === 'png' || (format === 'jpeg' && keepExif)) && own);
  return density >= 1 && density <= 65535 && density !== 72 ? { density } : {};
}

/** The part that is extracted before the resize, in the coordinates of the plan, and the size that it leaves. */
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

/** The size after the scaling alone, in the coordinates of the plan; how much that shrinks; and what a decoder does of it. */
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

/** The part of a picture that a decoder with steps of `scale` pixels sees, if that is not all of it. */
function wholeSteps({ width, height }, scale, steps) {
  const seen = (side) => (side < scale ? side : side - (side % scale));
  const rect = { left: 0, top: 0, width: seen(width), height: seen(height) };
  return rect.width === width && rect.height === height ? undefined : turnedRect(rect, { width, height }, steps);
}

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
  // A drawing is drawn at the size that it is needed in.
  if (source.format === 'svg' && scale !== 1) plan.density = Math.min(100000, state.input.density / scale);
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
    plan.resize = { ...plainResize(state, target), kernel, ...(facts.gammaInResize && { gamma: state.gamma }) };
    return;
  }
  plan.resize = { ...scaled, fit: 'fill', kernel };
  if (facts.gammaInResize) plan.resize.gamma = state.gamma;
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

/** sharp's outputs have three channels, also of grey inputs, unless asked for `b-w`; a profile gives them three again. */
const isGrey = (state, format) =>
  (format === 'raw' && state.greyscale) || (state.colourspace === 'b-w' && state.withIccProfile === '');

module.exports = { checkExtract, isGrey, translate };
