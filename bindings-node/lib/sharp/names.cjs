'use strict';

// The names that sharp exports as objects, with sharp's own values, and their equivalents in a plan.

const named = (...names) => Object.fromEntries(names.map((name) => [name, name]));

const gravity = {
  center: 0,
  centre: 0,
  north: 1,
  east: 2,
  south: 3,
  west: 4,
  northeast: 5,
  southeast: 6,
  southwest: 7,
  northwest: 8,
};
const position = {
  top: 1,
  right: 2,
  bottom: 3,
  left: 4,
  'right top': 5,
  'right bottom': 6,
  'left bottom': 7,
  'left top': 8,
};
const strategy = { entropy: 16, attention: 17 };
const fit = named('contain', 'cover', 'fill', 'inside', 'outside');
const kernel = named('nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021');
const extendWith = ['background', 'copy', 'repeat', 'mirror'];
const blend = {
  ...named(
    'clear',
    'source',
    'over',
    'in',
    'out',
    'atop',
    'dest',
    'dest-over',
    'dest-in',
    'dest-out',
    'dest-atop',
    'xor',
    'add',
    'saturate',
    'multiply',
    'screen',
    'overlay',
    'darken',
    'lighten',
    'colour-dodge',
    'colour-burn',
    'hard-light',
    'soft-light',
    'difference',
    'exclusion',
  ),
  'color-dodge': 'colour-dodge',
  'color-burn': 'colour-burn',
};
const colourspace = { multiband: 'multiband', 'b-w': 'b-w', bw: 'b-w', cmyk: 'cmyk', srgb: 'srgb' };
const bool = named('and', 'or', 'eor');
const align = {
  left: 'low',
  top: 'low',
  low: 'low',
  center: 'centre',
  centre: 'centre',
  right: 'high',
  bottom: 'high',
  high: 'high',
};
const interpolators = {
  nearest: 'nearest',
  bilinear: 'bilinear',
  bicubic: 'bicubic',
  locallyBoundedBicubic: 'lbb',
  nohalo: 'nohalo',
  vertexSplitQuadraticBasisSpline: 'vsqbs',
};

/** sharp's numbers for positions, as anchors of a plan. */
const anchors = {
  0: 'centre',
  1: 'top',
  2: 'right',
  3: 'bottom',
  4: 'left',
  5: 'right top',
  6: 'right bottom',
  7: 'left bottom',
  8: 'left top',
  16: 'entropy',
  17: 'attention',
};

/** The format names that `toFormat` accepts, and the method for each. */
const formats = {
  heic: 'heif',
  heif: 'heif',
  avif: 'avif',
  jpeg: 'jpeg',
  jpg: 'jpeg',
  jpe: 'jpeg',
  tile: 'tile',
  dz: 'tile',
  png: 'png',
  raw: 'raw',
  tiff: 'tiff',
  tif: 'tiff',
  webp: 'webp',
  gif: 'gif',
  jp2: 'jp2',
  jpx: 'jp2',
  j2k: 'jp2',
  j2c: 'jp2',
  jxl: 'jxl',
};

module.exports = {
  align,
  anchors,
  blend,
  bool,
  colourspace,
  extendWith,
  fit,
  formats,
  gravity,
  interpolators,
  kernel,
  position,
  strategy,
};
