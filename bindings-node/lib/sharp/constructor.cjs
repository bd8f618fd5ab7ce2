'use strict';

// The object that a chain of calls builds up: a Duplex stream that holds options but no pixels.

const { Duplex } = require('node:stream');
const { Chunks } = require('../chunks.cjs');
const { defined } = require('./check.cjs');
const { describe } = require('./input/describe.cjs');
const { plain } = require('./errors.cjs');

/** The options that a chain starts with: sharp's defaults, under sharp's names where it has one. */
const DEFAULTS = {
  // Geometry.
  width: -1,
  height: -1,
  canvas: 'cover',
  position: 0,
  kernel: 'lanczos3',
  resizeBackground: [0, 0, 0, 255],
  withoutEnlargement: false,
  withoutReduction: false,
  fastShrinkOnLoad: true,
  extractPre: null,
  extractPost: null,
  trim: null,
  angle: 0,
  rotationAngle: 0,
  rotationBackground: [0, 0, 0, 255],
  rotateBefore: false,
  orientBefore: false,
  flip: false,
  flop: false,
  extend: null,
  extendBackground: [0, 0, 0, 255],
  extendWith: 'background',
  // Pixels.
  tint: null,
  flatten: false,
  flattenBackground: [0, 0, 0, 255],
  negate: false,
  negateAlpha: true,
  medianSize: 0,
  blurSigma: 0,
  precision: 'integer',
  minAmpl: 0.2,
  sharpenSigma: 0,
  sharpenM1: 1,
  sharpenM2: 2,
  sharpenX1: 2,
  sharpenY2: 10,
  sharpenY3: 20,
  threshold: 0,
  thresholdGrayscale: true,
  gamma: 0,
  gammaOut: 0,
  greyscale: false,
  normalise: false,
  normaliseLower: 1,
  normaliseUpper: 99,
  brightness: 1,
  saturation: 1,
  hue: 0,
  lightness: 0,
  linearA: [],
  linearB: [],
  composite: [],
  removeAlpha: false,
  ensureAlpha: -1,
  colourspace: 'srgb',
  // Output.
  formatOut: 'input',
  fileOut: '',
  resolveWithObject: false,
  typedArrayOut: false,
  streamOut: false,
  timeoutSeconds: 0,
  signal: undefined,
  keepExif: false,
  keepXmp: false,
  keepIptc: false,
  keepIcc: false,
  withIccProfile: '',
  orientation: -1,
  exifDensity: 0,
  loop: -1,
  delay: [],
  jpegQuality: 80,
  jpegProgressive: false,
  jpegChromaSubsampling: '4:2:0',
  jpegOptimiseCoding: true,
  jpegTrellisQuantisation: false,
  jpegOvershootDeringing: false,
  jpegOptimiseScans: false,
  jpegQuantisationTable: 0,
  pngProgressive: false,
  pngCompressionLevel: -1,
  pngAdaptiveFiltering: false,
  pngPalette: false,
  pngQuality: 100,
  pngEffort: 7,
  pngColours: 256,
  pngDither: 1,
  webpQuality: 80,
  webpAlphaQuality: 100,
  webpLossless: false,
  webpNearLossless: false,
  webpSmartSubsample: false,
  webpEffort: 4,
  gifColours: 256,
  gifDither: 1,
  gifKeepDuplicateFrames: false,
  gifInterFrameMaxError: 0,
  heifQuality: 50,
  heifLossless: false,
  heifEffort: 4,
  heifChromaSubsampling: '4:4:4',
};

/** Chains cloned from one another: outputs that are requested together share one decode. */
const newFamily = () => ({ members: 1, reads: new Map(), jobs: [] });

function Sharp(input, options) {
  // biome-ignore lint/complexity/noArguments: `sharp(undefined)` is a mistake, and `sharp()` is a stream
  if (arguments.length === 1 && !defined(input)) {
    throw plain(
      'Invalid input',
      'NOT_AN_IMAGE',
      'pass a Buffer, a path or a stream: what was passed is null or undefined',
    );
  }
  if (!(this instanceof Sharp)) return new Sharp(input, options);
  Duplex.call(this);
  this.options = { ...structuredClone(DEFAULTS), input: describe(input, options, { allowStream: true }) };
  this._family = newFamily();
}
Object.setPrototypeOf(Sharp.prototype, Duplex.prototype);
Object.setPrototypeOf(Sharp, Duplex);

/** A copy of the options that later calls on the chain don't change. Input bytes are not copied. */
function snapshot({ input, composite, signal, ...options }) {
  return {
    ...structuredClone(options),
    input: { ...input },
    composite: composite.map((layer) => ({ ...layer, input: { ...layer.input } })),
    signal,
  };
}

/** An independent copy of the chain, over the same input. */
function clone() {
  const copy = this.constructor.call();
  copy.options = snapshot(this.options);
  copy.options.streamOut = false;
  if (this._isStreamInput()) copy.options.input.buffer = new Chunks();
  copy._family = this._family;
  this._family.members += 1;
  if (this._isStreamInput()) {
    this._whenStreamInFinished(() => {
      this._flattenBufferIn();
      copy.options.input.buffer = this.options.input.buffer;
      copy.emit('finish');
    });
  }
  return copy;
}

Object.assign(Sharp.prototype, {
  clone,
  _snapshot() {
    return snapshot(this.options);
  },
});

module.exports = Sharp;
