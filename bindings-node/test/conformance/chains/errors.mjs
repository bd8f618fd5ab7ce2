// Calls that are refused at once, and errors while a chain runs.

import { Readable } from 'node:stream';
import { chain } from './common.mjs';

function refusals() {
  const calls = {
    "resize('200')": (c) => c.resize('200'),
    'resize(20.5)': (c) => c.resize(20.5),
    'resize(NaN)': (c) => c.resize(NaN),
    'resize(0)': (c) => c.resize(0),
    'resize(-1)': (c) => c.resize(-1),
    "resize(10, 'x')": (c) => c.resize(10, 'x'),
    'resize fit': (c) => c.resize(5, 5, { fit: 'x' }),
    'resize position': (c) => c.resize(5, 5, { position: 9 }),
    'resize kernel': (c) => c.resize(5, 5, { kernel: 'x' }),
    'resize withoutEnlargement': (c) => c.resize(5, 5, { withoutEnlargement: 1 }),
    'resize background': (c) => c.resize(5, 5, { background: 5 }),
    'resize width option': (c) => c.resize({ width: 'x' }),
    'jpeg quality 0': (c) => c.jpeg({ quality: 0 }),
    'jpeg quality 101': (c) => c.jpeg({ quality: 101 }),
    'jpeg quality text': (c) => c.jpeg({ quality: '80' }),
    'jpeg progressive': (c) => c.jpeg({ progressive: 'x' }),
    'jpeg chroma': (c) => c.jpeg({ chromaSubsampling: '4:2:2' }),
    'jpeg mozjpeg': (c) => c.jpeg({ mozjpeg: 1 }),
    'jpeg table': (c) => c.jpeg({ quantisationTable: 9 }),
    'png compressionLevel': (c) => c.png({ compressionLevel: 10 }),
    'png colours': (c) => c.png({ colours: 1 }),
    'png quality': (c) => c.png({ quality: 101 }),
    'png dither': (c) => c.png({ dither: 2 }),
    'png effort': (c) => c.png({ effort: 0 }),
    'png palette': (c) => c.png({ palette: 'x' }),
    'webp quality': (c) => c.webp({ quality: 0 }),
    'webp effort': (c) => c.webp({ effort: 7 }),
    'webp alphaQuality': (c) => c.webp({ alphaQuality: 101 }),
    'webp loop': (c) => c.webp({ loop: -1 }),
    'webp delay': (c) => c.webp({ delay: [-1] }),
    'webp preset': (c) => c.webp({ preset: 'x' }),
    'gif colours': (c) => c.gif({ colours: 257 }),
    'gif effort': (c) => c.gif({ effort: 11 }),
    'gif dither': (c) => c.gif({ dither: -1 }),
    'gif interFrameMaxError': (c) => c.gif({ interFrameMaxError: 33 }),
    'avif quality': (c) => c.avif({ quality: 0 }),
    'avif effort': (c) => c.avif({ effort: 10 }),
    'avif chroma': (c) => c.avif({ chromaSubsampling: '4:2:2' }),
    'avif bitdepth': (c) => c.avif({ bitdepth: 9 }),
    'heif()': (c) => c.heif(),
    'heif compression': (c) => c.heif({ compression: 'x' }),
    "toFormat('bmp')": (c) => c.toFormat('bmp'),
    'toFormat({ id })': (c) => c.toFormat({ id: 'zoinks' }),
    'jp2()': (c) => c.toFormat('jp2'),
    'extract nothing': (c) => c.extract({ left: 1 }),
    'extract negative': (c) => c.extract({ left: -1, top: 0, width: 5, height: 5 }),
    'extend text': (c) => c.extend('x'),
    'extend negative': (c) => c.extend({ top: -1 }),
    'extend 0': (c) => c.extend(0),
    extendWith: (c) => c.extend({ top: 1, extendWith: 'x' }),
    'trim number': (c) => c.trim(10),
    'trim threshold': (c) => c.trim({ threshold: -1 }),
    'trim margin': (c) => c.trim({ margin: 1.5 }),
    'trim lineArt': (c) => c.trim({ lineArt: 1 }),
    'rotate text': (c) => c.rotate('x'),
    'rotate NaN': (c) => c.rotate(NaN),
    'flatten colour': (c) => c.flatten({ background: 'nope' }),
    'flatten number': (c) => c.flatten({ background: 1 }),
    'tint number': (c) => c.tint(5),
    'blur 0.1': (c) => c.blur(0.1),
    'blur text': (c) => c.blur('x'),
    'blur options': (c) => c.blur({ precision: 'float' }),
    'sharpen sigma': (c) => c.sharpen({ sigma: 11 }),
    'sharpen m1': (c) => c.sharpen({ sigma: 1, m1: -1 }),
    'median 0': (c) => c.median(0),
    'median 1.5': (c) => c.median(1.5),
    'gamma 4': (c) => c.gamma(4),
    'gamma out': (c) => c.gamma(2, 0),
    'threshold -1': (c) => c.threshold(-1),
    'threshold 256': (c) => c.threshold(256),
    'linear text': (c) => c.linear('x'),
    'linear lengths': (c) => c.linear([1, 2], [1]),
    'modulate nothing': (c) => c.modulate(),
    'modulate brightness': (c) => c.modulate({ brightness: -1 }),
    'modulate hue': (c) => c.modulate({ hue: 1.5 }),
    'normalise range': (c) => c.normalise({ lower: 90, upper: 10 }),
    'normalise lower': (c) => c.normalise({ lower: 100 }),
    'negate alpha': (c) => c.negate({ alpha: 1 }),
    'ensureAlpha 2': (c) => c.ensureAlpha(2),
    'toColourspace 5': (c) => c.toColourspace(5),
    'composite text': (c) => c.composite('x'),
    'composite [1]': (c) => c.composite([1]),
    'composite no input': (c) => c.composite([{}]),
    'composite blend': (c) => c.composite([{ input: 'x', blend: 'y' }]),
    'composite left alone': (c) => c.composite([{ input: 'x', left: 1 }]),
    'composite gravity': (c) => c.composite([{ input: 'x', gravity: 'y' }]),
    'composite tile': (c) => c.composite([{ input: 'x', tile: 1 }]),
    'composite top': (c) => c.composite([{ input: 'x', top: 1.5, left: 1 }]),
    'timeout()': (c) => c.timeout(),
    'timeout seconds': (c) => c.timeout({ seconds: 'x' }),
    'withMetadata orientation': (c) => c.withMetadata({ orientation: 9 }),
    'withMetadata density': (c) => c.withMetadata({ density: 0 }),
    'withIccProfile 5': (c) => c.withIccProfile(5),
    'toBuffer resolveWithObject': (c) => c.toBuffer({ resolveWithObject: 'x' }),
  };
  const made = {
    'sharp(null)': (s) => s(null),
    'sharp(undefined)': (s) => s(undefined),
    'sharp(5)': (s) => s(5),
    'sharp(true)': (s) => s(true),
    "sharp('')": (s) => s(''),
    'sharp([])': (s) => s([]),
    'sharp(path, 5)': (s) => s('x.jpg', 5),
    'sharp(empty buffer)': (s) => s(Buffer.alloc(0)),
    'sharp(empty ArrayBuffer)': (s) => s(new ArrayBuffer(0)),
    'sharp(empty Uint8Array)': (s) => s(new Uint8Array(0)),
    failOn: (s) => s('x', { failOn: 'x' }),
    autoOrient: (s) => s('x', { autoOrient: 1 }),
    density: (s) => s('x', { density: 0 }),
    limitInputPixels: (s) => s('x', { limitInputPixels: -1 }),
    pages: (s) => s('x', { pages: -2 }),
    page: (s) => s('x', { page: -1 }),
    animated: (s) => s('x', { animated: 'x' }),
    unlimited: (s) => s('x', { unlimited: 1 }),
    ignoreIcc: (s) => s('x', { ignoreIcc: 1 }),
    sequentialRead: (s) => s('x', { sequentialRead: 1 }),
    raw: (s) => s(Buffer.alloc(5), { raw: { width: 1 } }),
    'raw channels': (s) => s(Buffer.alloc(5), { raw: { width: 1, height: 1, channels: 5 } }),
    create: (s) => s({ create: { width: 1 } }),
    'create background': (s) => s({ create: { width: 1, height: 1, channels: 3 } }),
    'create channels': (s) => s({ create: { width: 1, height: 1, channels: 2, background: 'red' } }),
    cache: (s) => s.cache({ memory: -1 }),
    block: (s) => s.block(),
    'block operations': (s) => s.block({ operation: 'x' }),
  };
  return [
    ...Object.entries(calls).map(([name, call]) =>
      chain(`refusal: ${name}`, (s) => call(s({ create: { width: 50, height: 50, channels: 3, background: 'red' } }))),
    ),
    ...Object.entries(made).map(([name, make]) => chain(`refusal: ${name}`, (s) => make(s))),
  ];
}

function faults() {
  const bytes = (text) => Buffer.from(text);
  return [
    chain('fault: text', (s) => s(bytes('this is a text, not an image'))),
    chain('fault: html', (s) => s(bytes('<!doctype html><html><body>404</body></html>'))),
    chain('fault: json', (s) => s(bytes('{"error": "denied"}'))),
    chain('fault: text, metadata', (s) => s(bytes('this is a text, not an image')).metadata()),
    chain('fault: missing file', (s) => s('/nope.jpg')),
    chain('fault: missing file, metadata', (s) => s('/nope.jpg').metadata()),
    chain(
      'fault: missing file, callback',
      (s) =>
        new Promise((resolve, reject) => {
          s('/nope.jpg').toBuffer((error, data) => (error ? reject(error) : resolve(data)));
        }),
    ),
    chain('fault: svg for a path', (s) => s('<svg width="1"/>')),
    chain('fault: a folder', (s) => s('/tmp')),
    chain('fault: half a jpeg', (s, open) => {
      const b = open('landscape.jpg', true);
      return s(b.subarray(0, b.length >> 1)).resize(20);
    }),
    chain("fault: half a jpeg, failOn: 'truncated'", (s, open) => {
      const b = open('landscape.jpg', true);
      return s(b.subarray(0, b.length >> 1), { failOn: 'truncated' }).resize(20);
    }),
    chain('fault: half a png', (s, open) => {
      const b = open('coffee.png', true);
      return s(b.subarray(0, b.length >> 1)).resize(20);
    }),
    chain('fault: a jpeg of 30 bytes', (s, open) => s(open('landscape.jpg', true).subarray(0, 30))),
    chain('fault: a png of 20 bytes', (s, open) => s(open('coffee.png', true).subarray(0, 20))),
    chain('fault: half a webp', (s, open) => {
      const b = open('lossy.webp', true);
      return s(b.subarray(0, b.length >> 1)).resize(20);
    }),
    chain('fault: extract outside', (s, open) =>
      s(open('photo.jpg')).extract({ left: 60, top: 0, width: 50, height: 10 }),
    ),
    chain('fault: extract outside after resize', (s, open) =>
      s(open('photo.jpg')).resize(20).extract({ left: 15, top: 0, width: 10, height: 10 }),
    ),
    chain('fault: extract of nothing', (s, open) =>
      s(open('photo.jpg')).extract({ left: 0, top: 0, width: 0, height: 10 }),
    ),
    chain('fault: raw too short', (s) => s(Buffer.alloc(10), { raw: { width: 2, height: 2, channels: 3 } }).png()),
    chain('fault: linear with too many', (s, open) =>
      s(open('photo.jpg')).linear([1, 1, 1, 1, 1], [0, 0, 0, 0, 0]).png(),
    ),
    chain('fault: trim of 2×2', (s) =>
      s({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
        .trim()
        .png(),
    ),
    chain('fault: too wide for jpeg', (s) =>
      s({ create: { width: 66000, height: 2, channels: 3, background: 'red' } }).jpeg(),
    ),
    chain('fault: too wide for webp', (s) =>
      s({ create: { width: 17000, height: 2, channels: 3, background: 'red' } }).webp(),
    ),
    chain('fault: same file', (s, open) => s(open('rgb.jpg')).toFile(open('rgb.jpg'))),
    chain('fault: timeout', (s, open) =>
      s(open('twelve-megapixels.jpg')).timeout({ seconds: 1 }).resize(9000).webp({ effort: 6, quality: 100 }),
    ),
    chain(
      'fault: writing to a chain that has its input',
      (s, open) =>
        new Promise((_resolve, reject) => {
          const c = s(open('photo.jpg'));
          c.on('error', reject);
          c.write(Buffer.from('x'));
        }),
    ),
    chain(
      'fault: text written to a chain',
      (s) =>
        new Promise((_resolve, reject) => {
          const c = s();
          c.on('error', reject);
          Readable.from([Buffer.from('plain text')]).pipe(c);
          c.resume();
        }),
    ),
  ];
}

export default () => [...refusals(), ...faults()];
