'use strict';

// The rest of sharp's methods: they are there, and say why they do nothing.

const { plain, unsupported } = require('../errors.cjs');

/** Each with its reason, and what may help. */
const REASONS = {
  affine: ['it turns by an angle, and has no other transformations', 'use rotate()'],
  bandbool: ['its effects are for photos, not for bits'],
  boolean: ['its effects are for photos, not for bits', 'composite() has a blend for most of it'],
  clahe: ['it has no local histogram', 'normalise() stretches the whole picture'],
  convolve: ['it has no free kernels', 'use blur() or sharpen()'],
  dilate: ['it has no morphology', 'median() removes specks'],
  erode: ['it has no morphology', 'median() removes specks'],
  extractChannel: ['outputs are pictures, not planes', 'take raw() and pick the channel'],
  joinChannel: ['outputs are pictures, not planes', "composite() with blend 'dest-in' sets an alpha channel"],
  jxl: ['it does not write JPEG XL'],
  keepGainMap: ['gain maps are not kept: outputs are the base picture, in standard range'],
  pipelineColourspace: ['it works in sRGB, with 8 bits a channel'],
  pipelineColorspace: ['it works in sRGB, with 8 bits a channel'],
  recomb: ['it has no matrices over channels', 'use greyscale(), tint() or modulate()'],
  tiff: ['it does not write TIFF', 'PNG is lossless as well'],
  tile: ['it makes one picture, not pyramids of tiles'],
  unflatten: ['it has no colour to alpha', "composite() with blend 'dest-in' sets an alpha channel"],
  withExif: ['it keeps EXIF blocks and does not write new ones', 'use keepExif()'],
  withExifMerge: ['it keeps EXIF blocks and does not write new ones', 'use keepExif()'],
  withGainMap: ['gain maps are not kept: outputs are the base picture, in standard range'],
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

/** The one that sharp has words for itself, for its own packages lack it too. */
methods.jp2 = () => {
  throw plain(
    'JP2 output requires libvips with support for OpenJPEG: jp2() is not supported by keenpix: it does not write JPEG 2000',
    'UNSUPPORTED',
  );
};

module.exports = { REASONS, methods };
