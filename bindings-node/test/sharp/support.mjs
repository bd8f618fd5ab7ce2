// What keenpix/sharp supports of sharp: the tables of COMING-FROM-SHARP.md, with calls that prove each row.

import { Readable } from 'node:stream';

/**
 * `same`: as in sharp. `better`: does more than sharp. `other`: accepted, but works differently. `missing`: throws, and
 * says why.
 */
const row =
  (status) =>
  (call, note = '', probe = undefined) => ({ call, status, note, probe });
const [same, better, other, missing] = ['same', 'better', 'other', 'missing'].map(row);

const colour = { background: '#fff8' };
const at = (name, value) => (c) => c[name](value);

export const tables = {
  Input: [
    same('Buffer, Uint8Array, ArrayBuffer, path', '', (_, s) => s(Buffer.from('x'))),
    better('Node stream, web stream, Blob, AWS SDK Body', 'sharp refuses all of them', (_, s) => s(Readable.from([]))),
    better('BMP and ICO', 'sharp cannot read them'),
    same(
      '{ failOn }',
      'also per format: with `truncated` or `error`, a damaged JPEG is accepted, but not one whose end is missing',
      (_, s) => s('x', { failOn: 'none' }),
    ),
    other('{ failOnError }', 'works as in older versions; sharp 0.35 ignores it', (_, s) =>
      s('x', { failOnError: false }),
    ),
    same('{ limitInputPixels, limitInputChannels }', '', (_, s) =>
      s('x', { limitInputPixels: 1e6, limitInputChannels: 4 }),
    ),
    other(
      '{ unlimited }',
      'lifts the limits on memory (4 GB) and input length (512 MB), which sharp does not have',
      (_, s) => s('x', { unlimited: true }),
    ),
    same(
      '{ animated, pages, page }',
      'an output format without animation gets the first frame, not a strip of all frames',
      (_, s) => s('x', { page: 1, pages: 2 }),
    ),
    same('{ autoOrient, ignoreIcc, density }', '', (_, s) =>
      s('x', { autoOrient: true, ignoreIcc: true, density: 144 }),
    ),
    other('{ sequentialRead }', 'no effect: rows are streamed wherever the format allows it', (_, s) =>
      s('x', { sequentialRead: false }),
    ),
    same('{ raw }', '8 bits per channel', (_, s) => s(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } })),
    missing('{ raw: { premultiplied } }', '', (_, s) =>
      s(Buffer.alloc(4), { raw: { width: 1, height: 1, channels: 4, premultiplied: true } }),
    ),
    same('{ create }', '', (_, s) => s({ create: { width: 1, height: 1, channels: 3, background: 'red' } })),
    missing('{ create: { noise } }', '', (_, s) =>
      s({ create: { width: 1, height: 1, channels: 3, noise: { type: 'gaussian' } } }),
    ),
    missing('{ text }', 'keenpix has no fonts', (_, s) => s({ text: { text: 'a' } })),
    missing('an array of images, { join }', 'use composite()', (_, s) => s(['a', 'b'])),
    missing('{ tiff, pdf, openSlide, jp2, svg }', 'formats that keenpix does not read; SVG is drawn as it is', (_, s) =>
      s('x', { tiff: { subifd: 1 } }),
    ),
  ],
  Geometry: [
    same('resize(width, height, options)', 'the same sizes to the pixel, the same order of operations', (c) =>
      c.resize(5, 5, { fit: 'contain', position: 'top', ...colour }),
    ),
    same('fit: cover, contain, fill, inside, outside', '', at('resize', { width: 5, height: 5, fit: 'outside' })),
    same(
      'position: gravity, side, entropy, attention',
      'entropy and attention choose the same crop for most photos',
      at('resize', { width: 5, height: 5, position: 'attention' }),
    ),
    same(
      'kernel: nearest, linear, cubic, mitchell, lanczos2, lanczos3',
      '',
      at('resize', { width: 5, kernel: 'mitchell' }),
    ),
    missing('kernel: mks2013, mks2021', '', at('resize', { width: 5, kernel: 'mks2013' })),
    same(
      'withoutEnlargement, withoutReduction',
      '',
      at('resize', { width: 5, withoutEnlargement: true, withoutReduction: true }),
    ),
    other(
      'fastShrinkOnLoad',
      'affects sizes as in sharp; the decoder shrinks without visible difference',
      at('resize', { width: 5, fastShrinkOnLoad: false }),
    ),
    same('extract(region)', '', at('extract', { left: 1, top: 1, width: 2, height: 2 })),
    same('extend(border)', '', at('extend', { top: 1, extendWith: 'mirror' })),
    same('trim(options)', '', at('trim', { threshold: 1, lineArt: true, margin: 1 })),
    same('rotate(angle, options), autoOrient()', '', (c) => c.rotate().autoOrient().rotate(20, colour)),
    same('flip(), flop()', 'mirrors each frame of an animation; sharp mirrors all of them as one strip', (c) =>
      c.flip().flop(false),
    ),
    missing('affine()', '', (c) => c.affine([1, 0, 0, 1])),
  ],
  Pixels: [
    same('flatten(), removeAlpha(), ensureAlpha()', '', (c) => c.flatten(colour).removeAlpha().ensureAlpha(0.5)),
    same('greyscale(), grayscale(), tint()', '', (c) => c.greyscale().grayscale().tint('red')),
    same('negate(), linear(), gamma(), threshold()', '', (c) =>
      c.negate({ alpha: false }).linear(1, 2).gamma(2).threshold(100),
    ),
    same('normalise(), normalize(), modulate()', '', (c) =>
      c.normalise().normalize({ lower: 1, upper: 99 }).modulate({ hue: 90, lightness: 1 }),
    ),
    same('blur(), sharpen(), median()', 'the Gaussian of blur has only one precision', (c) =>
      c.blur({ sigma: 2, precision: 'float', minAmplitude: 0.1 }).sharpen({ sigma: 1 }).median(3),
    ),
    same(
      'composite(layers)',
      'all blend modes, gravity, offsets, tile; text in SVG needs `KEENPIX_FONTS`; layers go on each frame of an animation, where sharp puts them on the strip of all frames',
      (c) => c.composite([{ input: 'x', blend: 'dest-in', gravity: 'east', tile: true }]),
    ),
    missing('composite with premultiplied', '', (c) => c.composite([{ input: 'x', premultiplied: true }])),
    same("toColourspace(), toColorspace(): 'srgb', 'b-w'", '', (c) => c.toColourspace('b-w').toColorspace('srgb')),
    missing('other colour spaces', 'outputs have 8 bits per channel', (c) => c.toColourspace('rgb16')),
    missing('pipelineColourspace(), pipelineColorspace()', '', (c) => c.pipelineColourspace('rgb16')),
    missing('convolve(), recomb(), clahe()', '', (c) =>
      c.recomb([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
    ),
    missing('boolean(), bandbool(), dilate(), erode(), unflatten()', '', (c) => c.boolean('x', 'and')),
    missing('extractChannel(), joinChannel()', '', (c) => c.extractChannel(0)),
  ],
  Output: [
    same('toFormat(name or { id }, options)', '', (c) => c.toFormat('jpg', { quality: 70 })),
    same(
      'jpeg({ quality, progressive, chromaSubsampling })',
      'smaller files at the same visual quality, with its own tables',
      at('jpeg', { quality: 70, progressive: true, chromaSubsampling: '4:4:4' }),
    ),
    other(
      'jpeg({ mozjpeg, trellisQuantisation, overshootDeringing, optimiseScans, optimiseCoding })',
      'steps on one scale of effort; overshootDeringing alone has no effect',
      at('jpeg', { mozjpeg: true, overshootDeringing: true }),
    ),
    missing(
      'jpeg({ quantisationTable: 1, 2, 4 to 8 })',
      'its only set is close to number 3',
      at('jpeg', { quantisationTable: 5 }),
    ),
    same(
      'png({ compressionLevel })',
      "without a level, a faster one is used that makes smaller files than sharp's default",
      at('png', { compressionLevel: 9 }),
    ),
    same('png({ palette, colours, colors, dither })', '', at('png', { palette: true, colours: 16, dither: 0.5 })),
    same('png({ progressive })', '', at('png', { progressive: true })),
    same(
      'png({ adaptiveFiltering })',
      'without it, the picture decides about filters, as it suits it best',
      at('png', { adaptiveFiltering: true }),
    ),
    same('png({ quality })', 'uses the fewest colours that reach that quality', at('png', { quality: 90 })),
    other(
      'png({ effort })',
      'asks for a palette as in sharp; as a time setting it has no effect',
      at('png', { effort: 1 }),
    ),
    same(
      'webp({ quality, alphaQuality, lossless, nearLossless, smartSubsample, effort, preset, exact })',
      '',
      at('webp', { nearLossless: true, smartSubsample: true, preset: 'photo', exact: true }),
    ),
    missing('webp({ smartDeblock, minSize, mixed })', '', at('webp', { mixed: true })),
    same(
      'gif({ colours, colors, dither, progressive, keepDuplicateFrames, interFrameMaxError })',
      '',
      at('gif', { colours: 16, dither: 0, keepDuplicateFrames: true, interFrameMaxError: 2 }),
    ),
    other(
      'gif({ effort, reuse, interPaletteMaxError })',
      'each frame has its own palette, so no colour is further off than allowed; effort and reuse only affect time in sharp, and have no effect',
      at('gif', { effort: 1, reuse: false, interPaletteMaxError: 2 }),
    ),
    same('webp and gif ({ loop, delay })', '', (c) => c.webp({ loop: 1, delay: 50 }).gif({ loop: 1, delay: [50, 50] })),
    missing('delays that differ from frame to frame', '', at('gif', { delay: [50, 60] })),
    same('avif({ quality, lossless, effort, chromaSubsampling }), heif({ compression: av1 })', '', (c) =>
      c.avif({ quality: 50, effort: 2 }).heif({ compression: 'av1' }),
    ),
    missing('avif({ bitdepth: 10 or 12, tune }), heif({ compression: hevc })', '', at('avif', { bitdepth: 10 })),
    same('raw()', '', at('raw', { depth: 'uchar' })),
    missing('raw({ depth }) with more than 8 bits', '', at('raw', { depth: 'ushort' })),
    missing('tiff(), jxl(), jp2(), tile()', 'formats that keenpix does not write', (c) => c.tiff()),
    same('keepExif(), keepXmp(), keepIccProfile(), keepMetadata()', '', (c) =>
      c.keepExif().keepXmp().keepIccProfile().keepMetadata(),
    ),
    same("withMetadata({ orientation, density, icc }), withDensity(), withIccProfile('srgb' or 'p3')", '', (c) =>
      c.withMetadata({ orientation: 3 }).withDensity(96).withIccProfile('p3'),
    ),
    missing("withIccProfile(path), withIccProfile('p3', { attach: false })", '', (c) => c.withIccProfile('cmyk')),
    missing('withExif(), withExifMerge(), withXmp()', 'blocks are kept, never rewritten', (c) => c.withExif({})),
    missing('keepGainMap(), withGainMap()', '', (c) => c.keepGainMap()),
    better('toBuffer({ resolveWithObject, signal })', '`signal` stops the work'),
    same('toFile(), toUint8Array(), callbacks', ''),
    better('timeout({ seconds })', 'stops the work, not just the wait', at('timeout', { seconds: 5 })),
    better('clone()', 'outputs of clones that are requested together share one decode', (c) => c.clone()),
    same('stream in and out, events info, warning, error, close', ''),
    same(
      'metadata(), stats()',
      'stats of 16-bit images are counted in 256 steps, those of animations in the first frame',
    ),
  ],
  Statics: [
    same(
      'fit, position, gravity, strategy, kernel, blend, colourspace, colorspace, bool, align, interpolators',
      '',
      (_, s) => s.fit.cover,
    ),
    other('cache()', 'nothing is cached: the limits are remembered, and usage is 0', (_, s) => s.cache(false)),
    other(
      'concurrency()',
      'each output takes one thread of the pool (UV_THREADPOOL_SIZE); the number is remembered',
      (_, s) => s.concurrency(1),
    ),
    other('simd()', 'always on; detected at run time', (_, s) => s.simd(false)),
    same('counters(), queue', '', (_, s) => s.counters()),
    same('format, versions', 'of keenpix', (_, s) => s.format.jpeg),
    same('block(), unblock()', 'for loaders, by their libvips class names', (_, s) => s.unblock({ operation: [] })),
  ],
};
