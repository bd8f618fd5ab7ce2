'use strict';

// The calls that choose which of the input's metadata is kept.

const { boolean, defined, integer, invalid, isObject, isString, number, shown } = require('../check.cjs');
const { unsupported } = require('../errors.cjs');

function keepExif() {
  this.options.keepExif = true;
  return this;
}

function keepXmp() {
  this.options.keepXmp = true;
  return this;
}

/** Keeps the input's profile, and leaves its colours unchanged. */
function keepIccProfile() {
  this.options.keepIcc = true;
  return this;
}

function keepMetadata() {
  this.options.keepIptc = true;
  return this.keepExif().keepXmp().keepIccProfile();
}

/** A colour space for the output: `'srgb'` or `'p3'`. */
function withIccProfile(icc, options) {
  if (!isString(icc)) throw invalid('icc', 'string', icc);
  if (icc !== 'srgb' && icc !== 'p3') {
    throw unsupported(
      `ICC profile ${shown(icc)}`,
      'outputs are sRGB or Display P3',
      "use 'srgb' or 'p3', or keepIccProfile() for the input's own",
    );
  }
  this.options.withIccProfile = icc;
  this.options.keepIcc = true;
  if (isObject(options) && defined(options.attach) && !boolean('attach', options.attach)) {
    if (icc === 'p3')
      throw unsupported(
        "withIccProfile('p3', { attach: false })",
        'a file that is not in sRGB always carries its profile',
        'leave attach out',
      );
    this.options.keepIcc = false;
  }
  return this;
}

function withMetadata(options) {
  this.keepMetadata().withIccProfile('srgb');
  if (!isObject(options)) return this;
  if (defined(options.orientation)) this.options.orientation = integer('orientation', options.orientation, 1, 8);
  if (defined(options.density)) this.withDensity(options.density);
  if (defined(options.icc)) this.withIccProfile(options.icc);
  if (defined(options.exif)) this.withExifMerge(options.exif);
  return this;
}

function withDensity(density) {
  number('density', density, Number.MIN_VALUE, Infinity, 'positive number');
  this.options.exifDensity = density;
  return this.keepExif();
}

module.exports = { keepExif, keepXmp, keepIccProfile, keepMetadata, withIccProfile, withMetadata, withDensity };
