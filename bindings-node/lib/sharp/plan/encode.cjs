'use strict';

// Translates the output's format and options into a plan's `encode`.

const path = require('node:path');
const build = require('../build.cjs');
const { shown } = require('../check.cjs');
const { plain, unsupported } = require('../errors.cjs');

/** The format for a file extension; other names get the input's format. */
const EXTENSIONS = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.gif': 'gif',
  '.avif': 'heif',
  '.heif': 'heif',
  '.heic': 'heif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.jp2': 'jp2',
  '.jpx': 'jp2',
  '.j2k': 'jp2',
  '.j2c': 'jp2',
  '.jxl': 'jxl',
  '.dzi': 'dz',
  '.zip': 'dz',
  '.szi': 'dz',
  '.v': 'v',
  '.vips': 'v',
};

/** The format of an output, by sharp's name: `heif` is AVIF. */
function outputFormat(state, source) {
  if (state.formatOut !== 'input') return state.formatOut;
  const extension = state.fileOut === '' ? '' : path.extname(state.fileOut);
  const named =
    extension === extension.toLowerCase() || extension === extension.toUpperCase()
      ? EXTENSIONS[extension.toLowerCase()]
      : undefined;
  if (named) return named;
  return { avif: 'heif', svg: 'png', bmp: 'png', ico: 'png' }[source.format] ?? source.format;
}

const percent = (fraction) => Math.round(fraction * 100);

const ENCODERS = {
  jpeg: (state) => ({
    format: 'jpeg',
    quality: state.jpegQuality,
    progressive: state.jpegProgressive,
    chroma: state.jpegChromaSubsampling,
    ...jpegEffort(state),
  }),
  png: (state) => ({
    format: 'png',
    ...(state.pngCompressionLevel >= 0 && { compression: state.pngCompressionLevel }),
    // The chain decides the channels, even if some are empty.
    reduce: false,
    ...(state.pngProgressive && { progressive: true }),
    ...(state.pngAdaptiveFiltering && { adaptive: true }),
    ...(state.pngPalette && {
      palette: true,
      quality: state.pngQuality,
      colours: state.pngColours,
      dither: percent(state.pngDither),
    }),
  }),
  webp: (state) => ({
    format: 'webp',
    quality: state.webpQuality,
    alpha: state.webpAlphaQuality,
    effort: state.webpEffort,
    ...(state.webpLossless && { lossless: true }),
    ...(state.webpNearLossless && { lossless: true, near: state.webpQuality }),
    ...(state.webpSmartSubsample && { sharp: true }),
    ...(state.webpExact && { exact: true }),
    ...(state.webpPreset && { preset: state.webpPreset }),
    ...playing(state),
  }),
  gif: (state) => ({
    format: 'gif',
    colours: state.gifColours,
    dither: percent(state.gifDither),
    duplicates: state.gifKeepDuplicateFrames,
    ...(state.gifProgressive && { progressive: true }),
    ...(state.gifInterFrameMaxError >= 1 && { change: Math.floor(state.gifInterFrameMaxError) }),
    ...playing(state),
  }),
  heif: (state) => ({
    format: 'avif',
    effort: state.heifEffort,
    ...(state.heifLossless ? { lossless: true } : { quality: state.heifQuality, chroma: state.heifChromaSubsampling }),
  }),
  raw: () => ({ format: 'raw' }),
};

/** How an animation plays, if that is to differ from the input. */
const playing = ({ loop, delay }) => ({
  ...(loop >= 0 && { loops: loop }),
  ...(delay.length > 0 && { delay: delay[0] }),
});

/** Each option of libjpeg and mozjpeg is a step on a single scale of effort. */
function jpegEffort(state) {
  if (state.jpegOptimiseScans) return { effort: 7 };
  if (state.jpegTrellisQuantisation) return { effort: 5 };
  return state.jpegOptimiseCoding ? {} : { effort: 2 };
}

function encodeOf(state, format) {
  if (format === 'raw' && state.fileOut !== '')
    throw plain(`Unsupported output format ${shown(state.fileOut)}: raw pixels go to a buffer`, 'UNSUPPORTED');
  const encoder = ENCODERS[format];
  if (encoder) return encoder(state);
  if (format === 'jp2') throw plain('JP2 output requires libvips with support for OpenJPEG', 'UNSUPPORTED');
  throw unsupported(
    `${format} output`,
    `it writes JPEG, PNG, WebP, ${build.avif ? 'AVIF, ' : ''}GIF and raw pixels`,
    'choose one of these with toFormat()',
  );
}

/** The largest side of each format (16 bits, 14 bits, 16 bits, libheif's limit), and its name in sharp's message. */
const LARGEST = {
  jpeg: [65535, 'JPEG'],
  webp: [16383, 'WebP'],
  gif: [65535, 'GIF'],
  heif: [16384, 'HEIF'],
};

/** Throws sharp's error if an image of this size can't be written. */
function checkLargest(format, { width, height }) {
  const [largest, name] = LARGEST[format] ?? [Infinity];
  if (width > largest || height > largest) {
    throw plain(
      `Processed image is too large for the ${name} format: ${width}×${height} where ${largest} is the longest side`,
      'LIMIT_WIDTH',
    );
  }
}

/**
 * sharp's outputs have three channels, even for grey inputs, unless the colour space is `b-w` and no profile is set.
 */
const isGrey = (state, format) =>
  (format === 'raw' && state.greyscale) || (state.colourspace === 'b-w' && state.withIccProfile === '');

module.exports = { checkLargest, encodeOf, isGrey, outputFormat };
