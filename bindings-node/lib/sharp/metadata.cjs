'use strict';

// `metadata()`: what a header says, under sharp's names. Describes the image as stored, before its orientation.

const { at } = require('./errors.cjs');
const native = require('./native.cjs');
const { headerOf, readBytes } = require('./input/source.cjs');

const MEDIA_TYPES = { svg: 'image/svg+xml', heif: 'image/avif', ico: 'image/x-icon' };

function metadata(callback) {
  const done = this._metadata(new Error());
  return typeof callback === 'function' ? this._callBack(done, callback, (result) => [result]) : done;
}

async function _metadata(stack) {
  try {
    await this._whenInputIsHere();
    const { input } = this.options;
    const bytes = await readBytes(input, { family: this._family });
    return describe(headerOf(input, bytes, native.inspect), input, bytes);
  } catch (error) {
    throw at(error, stack);
  }
}

/** The fields in sharp's order; undefined ones are left out. */
function describe(source, input, bytes) {
  const header = source.header ?? {};
  const format = source.format === 'avif' ? 'heif' : source.format;
  const { width, pages } = source;
  const height = source.height * pages;
  return Object.fromEntries(
    Object.entries({
      format,
      mediaType: format === 'raw' ? undefined : (MEDIA_TYPES[format] ?? `image/${format}`),
      size: input.file || input.create ? undefined : bytes.length,
      width,
      height,
      ...pixels(source, header, format, bytes),
      ...animation(source, header),
      compression: format === 'heif' ? 'av1' : undefined,
      background: backgroundOf(header),
      hasProfile: (header.icc ?? 0) > 0,
      hasAlpha: source.alpha,
      orientation: header.exif > 0 && source.orientation > 0 ? source.orientation : undefined,
      autoOrient: source.orientation >= 5 ? { width: height, height: width } : { width, height },
      ...blocks(header.blocks ?? {}, format),
    }).filter(([, value]) => value !== undefined),
  );
}

function pixels(source, header, format, bytes) {
  const deep = header.bits > 8 && format !== 'heif';
  const channels = header.channels ?? source.channels;
  const grey = channels < 3;
  const cmyk = header.colour === 'cmyk';
  return {
    space: cmyk ? 'cmyk' : grey ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb',
    channels,
    depth: deep ? 'ushort' : 'uchar',
    density: densityOf(source, header),
    chromaSubsampling: chromaOf(header),
    isProgressive: header.progressive ?? false,
    isPalette: header.colour === 'palette',
    resolutionUnit: format === 'jpeg' ? unitOf(header, bytes) : undefined,
    bitsPerSample: ['png', 'gif', 'heif'].includes(format) ? header.bits : undefined,
  };
}

/**
 * libvips assumes 72 dots per inch if a JPEG or PNG doesn't say; sharp leaves out densities up to one dot per
 * millimetre.
 */
function densityOf({ format }, { density }) {
  const said = density ?? (['jpeg', 'png', 'svg'].includes(format) ? 72 : undefined);
  return said > 25 ? said : undefined;
}

/**
 * The unit of a JPEG's density, if it has one: from its EXIF block, or else from its JFIF segment, whose values are
 * one less than the EXIF tag's.
 */
function unitOf({ density, blocks }, bytes) {
  if (density === null) return undefined;
  const jfif =
    bytes.length > 14 && Buffer.from(bytes.buffer, bytes.byteOffset, 14).toString('latin1', 6, 10) === 'JFIF'
      ? bytes[13]
      : 0;
  return (exifUnit(blocks.exif) ?? jfif + 1) === 3 ? 'cm' : 'inch';
}

/** The tag ResolutionUnit (TIFF 6.0, page 38) of the first directory: 2 for inches, 3 for centimetres. */
function exifUnit(exif) {
  if (!exif || exif.length < 14) return undefined;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const little = exif[0] === 0x49;
  const start = view.getUint32(4, little);
  if (start + 2 > exif.length) return undefined;
  const count = Math.min(view.getUint16(start, little), Math.floor((exif.length - start - 2) / 12));
  for (let i = 0; i < count; i += 1) {
    const at = start + 2 + i * 12;
    if (view.getUint16(at, little) === 0x128) return view.getUint16(at + 8, little);
  }
  return undefined;
}

/** libvips only knows whether chroma is subsampled, not how. */
function chromaOf({ format, chroma, colour }) {
  if (format !== 'jpeg') return undefined;
  if (colour === 'cmyk') return chroma ?? '4:4:4:4';
  return chroma === '4:4:4' || colour === 'grey' ? '4:4:4' : '4:2:0';
}

function backgroundOf({ format, background }) {
  if (format !== 'gif' && !background) return undefined;
  const [r, g, b] = background ?? [0, 0, 0];
  return { r, g, b };
}

function animation(source, { format, frames, loops, delays }) {
  const counts = format === 'gif' || frames > 1;
  return {
    pages: counts ? frames : undefined,
    pageHeight: source.pages > 1 ? source.height : undefined,
    loop: counts ? (loops ?? undefined) : undefined,
    delay: counts && delays?.length > 0 ? delays : undefined,
  };
}

const EXIF = Buffer.from('Exif\0\0', 'latin1');

function blocks({ exif, icc, xmp, iptc, comments }, format) {
  return {
    // libvips keeps the identifier at the start of a JPEG's EXIF segment.
    exif: exif && format === 'jpeg' ? Buffer.concat([EXIF, exif]) : (exif ?? undefined),
    icc: icc ?? undefined,
    iptc: iptc ?? undefined,
    xmpAsString: xmp?.toString('utf8'),
    xmp: xmp ?? undefined,
    comments: comments?.length > 0 ? comments : undefined,
  };
}

module.exports = { metadata, _metadata };
