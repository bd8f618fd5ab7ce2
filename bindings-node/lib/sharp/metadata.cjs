'use strict';

// `metadata()`: what a header says, in sharp's words. The picture as it is stored, not as it is shown.

const { at } = require('./errors.cjs');
const { headerOf, readBytes } = require('./source.cjs');

const MEDIA_TYPES = { svg: 'image/svg+xml', heif: 'image/avif', bmp: 'image/bmp', ico: 'image/x-icon' };

function metadata(callback) {
  const done = this._metadata(new Error());
  return typeof callback === 'function' ? this._callBack(done, callback, (result) => [result]) : done;
}

async function _metadata(stack) {
  try {
    await this._whenInputIsHere();
    const { input } = this.options;
    const bytes = await readBytes(input, { family: this._family });
    return describe(headerOf(input, bytes), input, bytes);
  } catch (error) {
    throw at(error, stack);
  }
}

/** The keys in sharp's order; those that say nothing are left out. */
function describe(source, input, bytes) {
  const header = source.header ?? {};
  const format = source.format === 'avif' ? 'heif' : source.format;
  const height = source.height * source.pages;
  const swaps = source.orientation >= 5;
  return Object.fromEntries(Object.entries({
    format,
    mediaType: format === 'raw' ? undefined : MEDIA_TYPES[format] ?? `image/${format}`,
    size: input.file || input.create ? undefined : bytes.length,
    width: source.width,
    height,
    ...stored(source, header, input),
    ...animation(source, header, format),
    hasProfile: (header.icc ?? 0) > 0,
    hasAlpha: source.alpha,
    orientation: header.tagged ? source.orientation : undefined,
    autoOrient: swaps ? { width: height, height: source.width } : { width: source.width, height },
    ...blocks(header),
  }).filter(([, value]) => value !== undefined));
}

function stored(source, header, input) {
  const colour = header.colour ?? (source.channels < 3 ? 'grey' : 'rgb');
  const deep = header.bits > 8;
  const grey = colour === 'grey';
  const space = colour === 'cmyk' ? 'cmyk' : grey ? (deep ? 'grey16' : 'b-w') : (deep ? 'rgb16' : 'srgb');
  const channels = { grey: 1, cmyk: 4 }[colour] ?? 3;
  return {
    space,
    channels: source.channels ?? channels + (source.alpha ? 1 : 0),
    depth: deep ? 'ushort' : 'uchar',
    density: source.format === 'svg' ? input.density : header.density,
    chromaSubsampling: header.chroma,
    isProgressive: header.progressive ?? false,
    isPalette: colour === 'palette',
    bitsPerSample: ['png', 'gif'].includes(source.format) ? header.bits : undefined,
  };
}

function animation(source, header, format) {
  const many = header.frames > 1 || format === 'gif';
  return {
    pages: many ? header.frames : undefined,
    pageHeight: source.pages > 1 ? source.height : undefined,
    loop: many ? header.loops : undefined,
    delay: many ? header.delays : undefined,
  };
}

function blocks({ blocks: { exif, icc, xmp } = {} }) {
  return { exif, icc, xmpAsString: xmp?.toString('utf8'), xmp };
}

module.exports = { metadata, _metadata };
