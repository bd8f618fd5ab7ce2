'use strict';

// From a chain's options to a plan: sharp's one fixed order of operations, said in the plan's.
//
// A plan orients, trims, crops, resizes, flattens, and then carries out a list of effects. What sharp does in another
// order is said with numbers that are computed from the header, or, where a size is not known yet, in two plans, the
// second of which takes the first one's pixels.

const { cssColour } = require('../colours.cjs');
const { plain } = require('../errors.cjs');
const { cropOf } = require('./crop.cjs');
const { effectsOf } = require('./effects.cjs');
const { checkLargest, encodeOf, isGrey, outputFormat } = require('./encode.cjs');
const { resizeInto, resizes, solve } = require('./resize.cjs');
const { isSearch } = require('./sizes.cjs');
const { UPRIGHT, asOrient, quarterTurns, transposes } = require('./turns.cjs');

/**
 * The plan of a chain for a source, which is a header and says in `derived` whether the pixels are a plan's output.
 * With `rest`, the output of the plan is raw pixels, and `rest` is the chain that goes on with them.
 */
function toPlan(state, source) {
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
 * A plan for what one plan can't say together with the rest: undefined for nearly every chain. Of an animation only one
 * frame would come through; what has to be in two plans for a still is refused for these, or is averaged in the curve
 * of gamma.
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

/** From which `failOn` on damage is accepted as long as the image is all there, per format as libvips has it. */
const LENIENT = { jpeg: ['truncated', 'error'], png: ['truncated'], gif: ['truncated', 'error', 'warning'] };

/** What `failOn` tolerates, in a plan's word. */
function tolerates(failOn, format) {
  if (failOn === 'none') return 'errors';
  return LENIENT[format]?.includes(failOn) ? 'damage' : 'none';
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
    if (ignoreIcc) plan.assume = 'srgb';
    if (source.format === 'svg') plan.dpi = density;
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

/**
 * A PNG says how dense it is as its input did; a JPEG does if EXIF is kept. A JFIF header has 16 bits for it, and 72 is
 * what readers take for granted.
 */
function densityOf({ exifDensity, keepExif, input }, { header }, format) {
  const own = header?.format === 'svg' ? input.density : header?.density;
  const density = exifDensity || ((format === 'png' || (format === 'jpeg' && keepExif)) && own);
  return density >= 1 && density <= 65535 && density !== 72 ? { density } : {};
}

module.exports = { toPlan };
