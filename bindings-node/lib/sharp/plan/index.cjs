'use strict';

// Translates a chain's options into a plan: from sharp's fixed order of operations to the plan's.
//
// A plan orients, trims, crops, resizes, flattens, and then applies a list of effects. Where sharp's order differs,
// the plan's numbers are computed from the header to give the same result. If a size is not known yet, it takes two
// plans, the second of which gets the first one's pixels.

const { cssColour } = require('../colours.cjs');
const { plain } = require('../errors.cjs');
const { cropOf } = require('./crop.cjs');
const { effectsOf } = require('./effects.cjs');
const { checkLargest, encodeOf, isGrey, outputFormat } = require('./encode.cjs');
const { resizeInto, resizes, solve } = require('./resize.cjs');
const { isSearch } = require('./sizes.cjs');
const { UPRIGHT, asOrient, quarterTurns, transposes } = require('./turns.cjs');

/**
 * The plan of a chain for a source: a header, with `derived` set if the pixels are the output of an earlier plan. If
 * the result has a `rest`, the plan outputs pixels, and `rest` is the chain to continue with.
 */
function toPlan(state, source) {
  const turns = turnsOf(state, source);
  checkPages(state, source, turns);
  const first = firstPlan(state, source, turns);
  if (first) return first;

  const format = outputFormat(state, source);
  const facts = { alpha: source.alpha && !state.flatten, resized: false, size: undefined };
  const plan = {
    ...inputOf(state, source, ANIMATED.includes(format) ? source.pages : 1),
    orient: orientOf(state, source, [...turns.before, ...turns.after]),
    background: cssColour(state.flatten ? [...state.flattenBackground.slice(0, 3), 255] : [0, 0, 0, 255]),
    flatten: state.flatten,
    metadata: metadataOf(state, source, format),
    effects: [],
  };
  if (state.trim) plan.trim = trimOf(state.trim);
  const cut = cropOf(state, source, turns);
  if (cut.crop) plan.crop = cut.crop;
  facts.alpha ||= state.composite.length > 0;
  facts.premultiplies = facts.alpha;
  resizeInto(plan, facts, { state, source, size: cut.size, turns });
  plan.effects.push(...effectsOf(state, source, facts, format));
  plan.encode = encodeOf(state, format);
  plan.model = isGrey(state, format) ? 'grey' : 'rgb';
  if (facts.size) checkLargest(format, facts.size);
  return { plan, format, facts };
}

/** The turns and mirrors before trim and extract, and those after. */
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
 * The first of two plans, for a chain that one plan can't express; undefined for nearly every chain. Only one frame of
 * an animation would survive it: sharp refuses nearly all such chains for animations, and the one left, gamma, is then
 * applied within the resize.
 */
function firstPlan(state, source, turns) {
  if (turns.anglesBefore) {
    const plan = pixels(state, source, turns.before);
    plan.effects = [{ effect: 'rotate', angle: state.rotationAngle, background: cssColour(state.rotationBackground) }];
    return { plan, rest: { ...state, ...unturned(state) }, orientation: 1 };
  }
  // Without enlargement, the size decides whether there is a resize, and so whether colours are premultiplied.
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

/** Drops the turns that came before; the others are still to do. */
const unturnedBefore = (state) =>
  state.rotateBefore ? unturned(state) : { orientBefore: false, input: { ...state.input, autoOrient: false } };

/** For a search for the crop with a quarter turn after the resize: sharp crops what it has turned. */
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

/** For each format, the values of `failOn` with which libvips accepts damage as long as the image is complete. */
const LENIENT = { jpeg: ['truncated', 'error'], png: ['truncated'], gif: ['truncated', 'error', 'warning'] };

/** What `failOn` tolerates, as a plan's `tolerate`. */
function tolerates(failOn, format) {
  if (failOn === 'none') return 'errors';
  return LENIENT[format]?.includes(failOn) ? 'damage' : 'none';
}

/** A plan whose output is the input of another. */
function pixels(state, source, steps) {
  const kept = state.keepExif || state.keepIcc || state.keepXmp;
  return {
    ...inputOf(state, source, 1),
    orient: orientOf(state, source, steps),
    metadata: metadataOf(state, source, 'png'),
    encode: kept ? { format: 'png', compression: 0 } : { format: 'raw' },
    effects: [],
  };
}

/** The formats in which sharp's outputs have more than one frame: its PNGs are stills. */
const ANIMATED = ['gif', 'webp'];

function inputOf(state, source, count) {
  const plan = {};
  if (source.input) plan.input = source.input;
  else plan.tolerate = source.derived ? 'none' : tolerates(state.input.failOn, source.format);
  if (!source.derived) {
    const { page, ignoreIcc, density } = state.input;
    if (source.header?.frames > 1 && (page > 0 || count > 1)) plan.frames = { range: { start: page, count } };
    if (ignoreIcc) plan.assume = 'srgb';
    if (source.format === 'svg') plan.dpi = density;
  }
  return plan;
}

/** Leaves orientation by the tag to the core, which then also corrects the tag if it is kept. */
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
  iptc: state.keepIptc,
  icc: state.keepIcc && state.withIccProfile === '',
  // Outputs are in sRGB anyway, so sRGB without an embedded profile needs no option.
  ...(state.withIccProfile && (state.keepIcc || state.withIccProfile !== 'srgb') && { profile: state.withIccProfile }),
  ...orientationOf(state, source),
  ...densityOf(state, source, format),
});

/** If EXIF is kept but there is none, sharp writes a block that says the image is upright. */
function orientationOf({ orientation, keepExif }, { header }) {
  if (orientation > 0) return { orientation };
  return keepExif && !(header?.exif > 0) ? { orientation: 1 } : {};
}

/**
 * A PNG gets the density of its input; a JPEG does if EXIF is kept. A JFIF header has 16 bits for it, and 72 is what
 * readers assume.
 */
function densityOf({ exifDensity, keepExif, input }, { header }, format) {
  const own = header?.format === 'svg' ? input.density : header?.density;
  const density = exifDensity || ((format === 'png' || (format === 'jpeg' && keepExif)) && own);
  return density >= 1 && density <= 65535 && density !== 72 ? { density } : {};
}

module.exports = { toPlan };
