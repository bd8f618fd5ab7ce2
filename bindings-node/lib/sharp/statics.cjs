'use strict';

// Members of the function itself: `sharp.cache(false)`, `sharp.concurrency(1)`, `sharp.format`, `sharp.versions`.

const { EventEmitter } = require('node:events');
const os = require('node:os');
const build = require('./build.cjs');
const { defined, invalid, isObject, isString } = require('./check.cjs');
const { blocked } = require('./input/source.cjs');
const names = require('./names.cjs');
const { version } = require('../../package.json');

const queue = new EventEmitter();
const counts = { queue: 0, process: 0 };

/** A chain's output was requested and everything written to it has arrived: it now waits. */
function queued() {
  counts.queue += 1;
  queue.emit('change', counts.queue);
}

/** Its input has been read, and the work begins. */
function started() {
  counts.queue -= 1;
  counts.process += 1;
}

/** It is done, or has failed, perhaps before the work began. */
function ended(hasStarted) {
  counts[hasStarted ? 'process' : 'queue'] -= 1;
  queue.emit('change', counts.queue);
}

const counters = () => ({ ...counts });

const caches = { memory: 50, files: 20, items: 100 };

/** There is no cache: the limits are remembered, and usage is always 0. */
function cache(options) {
  if (typeof options === 'boolean') {
    Object.assign(caches, options ? { memory: 50, files: 20, items: 100 } : { memory: 0, files: 0, items: 0 });
  } else if (isObject(options)) {
    for (const name of Object.keys(caches)) {
      const value = options[name];
      if (!defined(value)) continue;
      if (!Number.isInteger(value) || value < 0) throw invalid(name, 'a positive integer', value);
      caches[name] = value;
    }
  }
  return {
    memory: { current: 0, high: 0, max: caches.memory },
    files: { current: 0, max: caches.files },
    items: { current: 0, max: caches.items },
  };
}

let threads = 1;

/**
 * Each output uses one thread of libuv's pool. The number, at most 1024 as in libvips, is remembered but has no
 * effect.
 */
function concurrency(count) {
  if (Number.isInteger(count) && count >= 0) threads = count === 0 ? os.availableParallelism() : Math.min(count, 1024);
  return threads;
}

/** Vector instructions are used wherever available: they can't be switched off. */
const simd = () => true;

const LOADERS = {
  jpeg: ['VipsForeignLoadJpeg', 'VipsForeignLoadJpegFile', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadJpegSource'],
  png: ['VipsForeignLoadPng', 'VipsForeignLoadPngFile', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadPngSource'],
  webp: ['VipsForeignLoadWebp', 'VipsForeignLoadWebpFile', 'VipsForeignLoadWebpBuffer', 'VipsForeignLoadWebpSource'],
  gif: ['VipsForeignLoadNsgif', 'VipsForeignLoadNsgifFile', 'VipsForeignLoadNsgifBuffer', 'VipsForeignLoadNsgifSource'],
  avif: ['VipsForeignLoadHeif', 'VipsForeignLoadHeifFile', 'VipsForeignLoadHeifBuffer', 'VipsForeignLoadHeifSource'],
  // libvips has no loaders of its own for BMP and ICO.
  bmp: ['VipsForeignLoadMagick', 'VipsForeignLoadMagickFile', 'VipsForeignLoadMagickBuffer'],
  ico: ['VipsForeignLoadMagick', 'VipsForeignLoadMagickFile', 'VipsForeignLoadMagickBuffer'],
  svg: ['VipsForeignLoadSvg', 'VipsForeignLoadSvgFile', 'VipsForeignLoadSvgBuffer', 'VipsForeignLoadSvgSource'],
};

/** The formats whose loaders are named, by their classes in libvips. Formats that keenpix can't read stay blocked. */
function loaders(options) {
  if (!isObject(options)) throw invalid('options', 'object', options);
  const { operation } = options;
  if (!Array.isArray(operation) || !operation.every(isString)) throw invalid('operation', 'Array<string>', operation);
  return Object.keys(LOADERS).filter((format) =>
    operation.some((name) => name === 'VipsForeignLoad' || name === 'VipsOperation' || LOADERS[format].includes(name)),
  );
}

function block(options) {
  for (const format of loaders(options)) blocked.add(format);
}

function unblock(options) {
  for (const format of loaders(options)) blocked.delete(format);
}

const uses = (reads, writes) => ({
  input: { file: reads, buffer: reads, stream: reads },
  output: { file: writes, buffer: writes, stream: writes },
});

const format = {
  jpeg: described('jpeg', uses(true, true), ['.jpg', '.jpeg', '.jpe', '.jfif'], ['jpe', 'jpg']),
  png: described('png', uses(true, true), ['.png']),
  webp: described('webp', uses(true, true), ['.webp']),
  gif: described('gif', uses(true, true), ['.gif']),
  heif: described('heif', uses(build.avif, build.avif), ['.avif'], ['avif']),
  svg: described('svg', uses(true, false), ['.svg']),
  bmp: described('bmp', uses(true, false), ['.bmp']),
  ico: described('ico', uses(true, false), ['.ico']),
  raw: {
    id: 'raw',
    input: { file: false, buffer: true, stream: true },
    output: { file: false, buffer: true, stream: true },
  },
  ...Object.fromEntries(
    ['tiff', 'magick', 'openslide', 'dz', 'ppm', 'fits', 'pdf', 'vips', 'jp2', 'jxl', 'rad', 'dcraw'].map((id) => [
      id,
      described(id, uses(false, false)),
    ]),
  ),
};
format.jp2.output.alias = ['j2c', 'j2k', 'jp2', 'jpx'];

function described(id, { input, output }, fileSuffix, alias) {
  return { id, input: { ...input, ...(fileSuffix && { fileSuffix }) }, output: { ...output, ...(alias && { alias }) } };
}

const versions = { keenpix: version, sharp: '0.35.5' };

const statics = {
  align: names.align,
  gravity: names.gravity,
  strategy: names.strategy,
  kernel: names.kernel,
  fit: names.fit,
  position: names.position,
  blend: names.blend,
  colourspace: names.colourspace,
  colorspace: names.colourspace,
  bool: names.bool,
  cache,
  concurrency,
  counters,
  simd,
  format,
  interpolators: names.interpolators,
  versions,
  queue,
  block,
  unblock,
};

module.exports = { ended, queued, started, statics };
