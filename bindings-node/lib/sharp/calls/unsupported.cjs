'use strict';

// The rest of sharp's methods, which only say why they are not supported.

const { plain, unsupported } = require('../errors.cjs');

/** Why each method is not supported, and what to do instead. */
const REASONS = {
  affine: ['it rotates by an angle, and has no other transformations', 'use rotate()'],
  bandbool: ['its effects are for photos, not for bitwise operations'],
  boolean: ['its effects are for photos, not for bitwise operations', 'composite() has a blend mode for most of it'],
  clahe: ['it has no local histogram equalisation', 'normalise() stretches the whole image'],
  convolve: ['it has no custom kernels', 'use blur() or sharpen()'],
  dilate: ['it has no morphology', 'median() removes specks'],
  erode: ['it has no morphology', 'median() removes specks'],
  extractChannel: ['outputs are images, not single channels', 'use raw() and pick the channel'],
  joinChannel: ['outputs are images, not single channels', "composite() with blend 'dest-in' sets an alpha channel"],
  jxl: ['it does not write JPEG XL'],
  keepGainMap: ['gain maps are not kept: outputs are the base image, in standard dynamic range'],
  pipelineColourspace: ['it works in sRGB, with 8 bits per channel'],
  pipelineColorspace: ['it works in sRGB, with 8 bits per channel'],
  recomb: ['it has no matrices over channels', 'use greyscale(), tint() or modulate()'],
  tiff: ['it does not write TIFF', 'PNG is lossless too'],
  tile: ['it makes one image, not tile pyramids'],
  unflatten: ['it cannot turn a colour into alpha', "composite() with blend 'dest-in' sets an alpha channel"],
  withExif: ['it keeps EXIF blocks and does not write new ones', 'use keepExif()'],
  withExifMerge: ['it keeps EXIF blocks and does not write new ones', 'use keepExif()'],
  withGainMap: ['gain maps are not kept: outputs are the base image, in standard dynamic range'],
  withXmp: ['it keeps XMP blocks and does not write new ones', 'use keepXmp()'],
};

const methods = Object.fromEntries(
  Object.entries(REASONS).map(([name, [reason, hint]]) => [
    name,
    () => {
      throw unsupported(`${name}()`, reason, hint);
    },
  ]),
);

/** sharp has its own message for `jp2`, because its published packages lack it too. */
methods.jp2 = () => {
  throw plain(
    'JP2 output requires libvips with support for OpenJPEG: jp2() is not supported by keenpix: it does not write JPEG 2000',
    'UNSUPPORTED',
  );
};

module.exports = { REASONS, methods };
