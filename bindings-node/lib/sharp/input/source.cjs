'use strict';

// Gets the bytes of a described input, and what its header says.

const fs = require('node:fs');
const { shortPath, shortened } = require('../../error.cjs');
const { readInput } = require('../../input.cjs');
const { callOptions } = require('../../options.cjs');
const { cssColour } = require('../colours.cjs');
const { fault, plain, inSharpsWords } = require('../errors.cjs');
const native = require('../native.cjs');
const { PIXELS } = require('./describe.cjs');

/** Formats whose loaders `block()` has switched off. */
const blocked = new Set();

/** The bytes of an input. Clones that need a file at the same time read it once; a stream is read only once. */
async function readBytes(descriptor, { family, deadline, signal } = {}) {
  const { file, source, buffer, create } = descriptor;
  if (create) return Buffer.alloc(0);
  if (buffer) return buffer;
  if (source) {
    source.bytes ??= readInput(source.input, callOptions({ deadline, signal }));
    return source.bytes;
  }
  if (!file)
    throw plain(
      'Input file is missing: no input was given',
      'READ',
      'pass a Buffer, a path or a stream, or pipe into the chain',
    );
  if (!family) return readFile(file);
  if (!family.reads.has(file)) {
    family.reads.set(
      file,
      readFile(file).finally(() => family.reads.delete(file)),
    );
  }
  return family.reads.get(file);
}

async function readFile(file) {
  try {
    return await fs.promises.readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file, cause) {
  if (cause.code === 'ENOENT' || cause.code === 'ENAMETOOLONG' || cause.code === 'ENOTDIR') {
    const drawing = file.includes('<svg');
    const message = drawing
      ? `Input file is missing, did you mean sharp(Buffer.from('${file.slice(0, 8)}...')?`
      : `Input file is missing: ${shortPath(file)}`;
    const hint = require('../../readers.cjs').isBase64(file)
      ? "it looks like base64: pass Buffer.from(text, 'base64')"
      : 'a relative path counts from the working directory of the process';
    return fault(message, 'READ', hint, { httpStatus: 404 });
  }
  return fault(
    `Input file contains unsupported image format: ${shortened(cause.message)}`,
    'READ',
    'check the path and its permissions',
  );
}

/** What must be known about an input to translate a chain. `read` is the function that reads its header. */
function headerOf(descriptor, bytes, read = native.probe) {
  const { raw, create } = descriptor;
  const kind = descriptor.file ? 'file' : 'buffer';
  if (create) {
    const { background, ...size } = create;
    return still(descriptor, create, create.channels === 4, { create: { ...size, background: cssColour(background) } });
  }
  if (raw) {
    const expected = raw.width * raw.height * raw.channels;
    if (bytes.length < expected) {
      throw plain(
        `VipsImage: memory area too small -- should be ${expected} bytes, you passed ${bytes.length}`,
        'BAD_INPUT',
      );
    }
    return still(descriptor, raw, raw.channels % 2 === 0, { raw });
  }
  let header;
  try {
    header = read(bytes);
  } catch (error) {
    throw inSharpsWords(error, { kind, stage: 'header' });
  }
  if (blocked.has(header.format)) {
    throw plain(
      `Input ${kind} contains unsupported image format: ${header.format} is switched off by block()`,
      'UNSUPPORTED',
    );
  }
  checkWhole(bytes, header, kind);
  const { format, orientation, alpha } = header;
  // The size of a drawing depends on its density.
  const scale = format === 'svg' ? descriptor.density / 72 : 1;
  const [width, height] = [header.width, header.height].map((side) => Math.max(1, Math.round(side * scale)));
  const source = { format, width, height, orientation, alpha, kind, pages: pagesOf(descriptor, header, kind), header };
  checkLimits(descriptor, source);
  return source;
}

/** Pixels without a header. */
function still(descriptor, { width, height, channels }, alpha, input) {
  const source = { format: 'raw', width, height, orientation: 1, alpha, kind: 'buffer', pages: 1, input, channels };
  checkLimits(descriptor, { ...source, header: { channels } });
  return source;
}

/** How many frames are read. For a still image in a format other than GIF, the page options are ignored. */
function pagesOf({ pages, page }, { frames, format }, kind) {
  if (frames === 1 && format !== 'gif') return 1;
  const count = pages === -1 ? Math.max(frames - page, 1) : pages;
  if (count === 0 || page + count > frames) {
    const loader = format === 'gif' ? `gifload${kind === 'buffer' ? '_buffer' : ''}` : format;
    throw plain(
      `Input ${kind} has corrupt header: ${loader}: bad page number: ${count} from ${page} where there are ${frames}`,
      'BAD_INPUT',
    );
  }
  return count;
}

/** libwebp doesn't read the header of an incomplete file. */
function checkWhole(bytes, { format }, kind) {
  if (format !== 'webp') return;
  const said = 8 + bytes[4] + bytes[5] * 2 ** 8 + bytes[6] * 2 ** 16 + bytes[7] * 2 ** 24;
  if (bytes.length >= said) return;
  throw plain(
    `Input ${kind} has corrupt header: webp: unable to parse image: truncated webp input: ${bytes.length} bytes of ${said}`,
    'TRUNCATED',
    'check that the upload or read finished',
  );
}

function checkLimits({ limitInputPixels, limitInputChannels }, { width, height, pages, header }) {
  const pixels = width * height * pages;
  if (limitInputPixels > 0 && pixels > limitInputPixels) {
    throw fault(
      `Input image exceeds pixel limit: ${pixels} pixels where ${limitInputPixels} are allowed`,
      'LIMIT_PIXELS',
      'raise limitInputPixels if files of this size are to be accepted',
      { httpStatus: 413 },
    );
  }
  const { channels } = header;
  if (limitInputChannels > 0 && channels > limitInputChannels) {
    throw fault(
      `Input image exceeds channel limit: ${channels} channels where ${limitInputChannels} are allowed`,
      'LIMIT_PIXELS',
    );
  }
}

/**
 * The core's limits for a chain. The size of the input was checked above. The core bounds the memory used; sharp has
 * no such limit, so this one is generous.
 */
function limitsOf({ limitInputPixels, unlimited }) {
  const free = unlimited || limitInputPixels === 0;
  const pixels = free ? Infinity : Math.max(limitInputPixels, PIXELS);
  return {
    pixels,
    totalPixels: 32 * pixels, // chains that share a decoding may each have a trim
    width: Infinity,
    height: Infinity,
    memory: free ? Infinity : 4e9,
    ...(free && { inputBytes: Infinity, frames: Infinity }),
  };
}

module.exports = { blocked, headerOf, limitsOf, readBytes };
