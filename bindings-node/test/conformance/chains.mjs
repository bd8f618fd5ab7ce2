// The chains that are run through both libraries. `make(sharp, open)` builds one: `open` gives the bytes or the path of an input.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

const lossless = (chain) => chain.png();
const fits = ['cover', 'contain', 'fill', 'inside', 'outside'];
const gravities = ['centre', 'north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest'];
const positions = ['top', 'right top', 'right', 'right bottom', 'bottom', 'left bottom', 'left', 'left top'];
const circle = Buffer.from('<svg width="40" height="40"><circle cx="20" cy="20" r="20"/></svg>');

/** What lossy encoders may add: their quantisation tables are not libjpeg's, nor their rounding libwebp's. */
const LOSSY = 4;

function chain(name, make, options) {
  return { name, make, ...options };
}

/** The chains that people really use. */
function people() {
  const lossy = { tolerance: LOSSY };
  return [
    chain('people: resize(w).toBuffer()', (s, open) => s(open('landscape.jpg')).resize(300), lossy),
    chain('people: resize(w, h).toFormat(f)', (s, open) => s(open('landscape.jpg')).resize(200, 200).toFormat('png')),
    chain('people: resize(w, h).toFormat(webp)', (s, open) => s(open('landscape.jpg')).resize(200, 200).toFormat('webp'), lossy),
    chain('people: fit inside with quality', (s, open) => s(open('coffee.png')).resize(250, 250, { fit: 'inside' }).jpeg({ quality: 70 }), lossy),
    chain('people: rotate().resize(w)', (s, open) => s(open('portrait-orientation-6.jpg')).rotate().resize(200), lossy),
    chain('people: metadata() then resize', async (s, open) => {
      const image = s(open('landscape.jpg'));
      const { width } = await image.metadata();
      return image.resize(Math.round(width / 4)).png().toBuffer({ resolveWithObject: true });
    }),
    chain('people: withoutEnlargement and webp', (s, open) => s(open('photo.jpg')).resize({ width: 1000, withoutEnlargement: true }).webp(), lossy),
    chain('people: extract then resize', (s, open) => s(open('landscape.jpg')).extract({ left: 50, top: 40, width: 300, height: 200 }).resize(120, 80).png()),
    chain('people: circle by composite dest-in', (s, open) =>
      s(open('landscape.jpg')).resize(40, 40).composite([{ input: circle, blend: 'dest-in' }]).png()),
    chain('people: flatten().jpeg()', (s, open) => s(open('photo-alpha.png')).flatten().jpeg({ quality: 100, chromaSubsampling: '4:4:4' })),
    chain('people: flatten on white', (s, open) => s(open('bowl-alpha.png')).flatten({ background: '#fff' }).resize(120).jpeg(), lossy),
    chain('people: resize(512, 512).jpeg().toBuffer()', (s, open) => s(open('landscape.jpg')).resize(512, 512).jpeg().toBuffer(), lossy),
    chain('people: callback', (s, open) => new Promise((resolve, reject) => {
      s(open('photo.jpg')).resize(30).png().toBuffer((error, data, info) => (error ? reject(error) : resolve({ data, info })));
    })),
    chain('people: toFile', async (s, open) => s(open('photo.jpg')).resize(30).toFile(join(tmpdir(), `keenpix-conformance-${process.pid}.png`)), { loose: { size: Infinity } }),
    chain('people: pipe in and out', async (s, open) => {
      const through = s().resize(40).png();
      Readable.from([open('photo.jpg', true)]).pipe(through);
      return Buffer.concat(await through.toArray());
    }),
    chain('people: clone fan-out', async (s, open) => {
      const image = s(open('landscape.jpg'));
      const outputs = await Promise.all([320, 160, 80].map((width) => image.clone().resize(width).png().toBuffer()));
      return outputs[1];
    }),
    chain("people: failOn: 'none' on half a file", (s, open) => {
      const bytes = open('landscape.jpg', true);
      return s(bytes.subarray(0, bytes.length >> 1), { failOn: 'none' }).resize(100).png();
    }, { tolerance: 3 }),
    chain('people: animated', (s, open) => s(open('animated.gif'), { animated: true }).resize(40).webp(), { tolerance: LOSSY }),
    chain('people: timeout', (s, open) => s(open('photo.jpg')).timeout({ seconds: 30 }).resize(20).png()),
    chain('people: limitInputPixels', (s, open) => s(open('landscape.jpg'), { limitInputPixels: 1000 }).resize(20)),
    chain('people: withMetadata', (s, open) => s(open('orientation-6.jpg')).withMetadata().resize(30).jpeg({ quality: 100, chromaSubsampling: '4:4:4' })),
    chain('people: the chain of next.js', (s, open) => s(open('landscape.jpg', true), { limitInputPixels: undefined, sequentialRead: true })
      .timeout({ seconds: 7 }).rotate().resize(256, undefined, { withoutEnlargement: true }).webp({ quality: 75 }), lossy),
    chain('people: the chain of next.js, avif', (s, open) => s(open('photo.jpg', true)).rotate().resize(64, undefined, { withoutEnlargement: true })
      .avif({ quality: 55, effort: 3 }), { tolerance: LOSSY, codec: 'avif' }),
    chain('people: greyscale thumbnail', (s, open) => s(open('landscape.jpg')).resize(100).greyscale().png()),
    chain('people: blurred placeholder', (s, open) => s(open('landscape.jpg')).resize(20).blur().png()),
    chain('people: contain on white', (s, open) => s(open('coffee.png')).resize({ width: 200, height: 200, fit: 'contain', background: { r: 255, g: 255, b: 255, alpha: 1 } }).png()),
    chain('people: contain on nothing', (s, open) => s(open('landscape.jpg')).resize({ width: 200, height: 200, fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } }).png()),
    chain('people: raw pixels for a hash', (s, open) => s(open('landscape.jpg')).resize(8, 8, { fit: 'fill' }).greyscale().raw(), { tolerance: 2 }),
    chain('people: mozjpeg', (s, open) => s(open('landscape.jpg')).resize(200).jpeg({ quality: 80, mozjpeg: true }), lossy),
    chain('people: watermark in a corner', (s, open) => s(open('landscape.jpg')).resize(200).composite([{ input: open('alpha.webp'), gravity: 'southeast' }]).png()),
    chain('people: trim then resize', (s, open) => s(open('transparent-colour.png')).trim().resize(50).png()),
    chain('people: sharpen after resize', (s, open) => s(open('landscape.jpg')).resize(150).sharpen().png()),
    chain('people: progressive jpeg', (s, open) => s(open('landscape.jpg')).resize(100).jpeg({ progressive: true }), lossy),
  ];
}

function sizes() {
  const boxes = [[80, 80], [60, 120], [400, 300], [192, 144], [20, 6], [undefined, 66], [95, undefined], [3, 3]];
  const options = [{}, { withoutEnlargement: true }, { withoutReduction: true }];
  const list = [];
  for (const fit of fits) {
    for (const [width, height] of boxes) {
      for (const option of options) {
        list.push(chain(`size: ${width}×${height} ${fit} ${Object.keys(option)}`, (s, open) => lossless(s(open('photo.jpg')).resize({ width, height, fit, ...option }))));
      }
    }
  }
  const round = [[40, 18], [40, 22], [100, 25], [400, 1], [41, 21], [7, 5]];
  for (const [width, height] of round) {
    for (const fit of ['inside', 'outside', 'cover', 'contain']) {
      list.push(chain(`rounding: ${width}×${height} ${fit}`, (s) =>
        lossless(s({ create: { width, height, channels: 3, background: 'teal' } }).resize({ width: 10, height: fit === 'cover' ? undefined : 10, fit }))));
    }
  }
  for (const kernel of ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']) {
    list.push(chain(`kernel: ${kernel} down`, (s, open) => lossless(s(open('photo.png')).resize({ width: 31, kernel, fastShrinkOnLoad: false }))));
    list.push(chain(`kernel: ${kernel} up`, (s, open) => lossless(s(open('photo.png')).resize({ width: 350, kernel }))));
  }
  list.push(chain('resize: last wins', (s, open) => lossless(s(open('photo.jpg')).resize(10).resize(5, 5))));
  list.push(chain('resize: null width', (s, open) => lossless(s(open('photo.jpg')).resize(null, 10))));
  list.push(chain('resize: empty options', (s, open) => lossless(s(open('photo.jpg')).resize({}))));
  list.push(chain('resize: no fast shrink', (s, open) => lossless(s(open('landscape.jpg')).resize(100, 100, { fastShrinkOnLoad: false }))));
  return list;
}

function places() {
  const list = [];
  for (const position of [...gravities, ...positions]) {
    list.push(chain(`place: cover ${position}`, (s, open) => lossless(s(open('photo.jpg')).resize(66, 120, { position }))));
    list.push(chain(`place: contain ${position}`, (s, open) => lossless(s(open('photo.jpg')).resize(101, 180, { fit: 'contain', position, background: 'rgb(200, 30, 60)' }))));
  }
  for (const position of [0, 1, 4, 8]) {
    list.push(chain(`place: number ${position}`, (s, open) => lossless(s(open('photo.jpg')).resize(66, 120, { position }))));
  }
  list.push(chain('place: contain ignores entropy', (s, open) => lossless(s(open('photo.jpg')).resize(66, 120, { fit: 'contain', position: 'entropy' }))));
  return list;
}

function turns() {
  const list = [];
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const file = `orientation-${orientation}.jpg`;
    list.push(
      chain(`turn: ${orientation}, tag dropped`, (s, open) => lossless(s(open(file)).resize(20))),
      chain(`turn: ${orientation}, rotate()`, (s, open) => lossless(s(open(file)).rotate().resize(20))),
      chain(`turn: ${orientation}, autoOrient option`, (s, open) => lossless(s(open(file), { autoOrient: true }).resize(20, 33))),
      chain(`turn: ${orientation}, autoOrient and extract`, (s, open) => lossless(s(open(file)).autoOrient().extract({ left: 3, top: 5, width: 40, height: 30 }))),
      chain(`turn: ${orientation}, extract then autoOrient`, (s, open) => lossless(s(open(file)).extract({ left: 3, top: 5, width: 40, height: 30 }).autoOrient())),
      chain(`turn: ${orientation}, autoOrient, flip, rotate(90)`, (s, open) => lossless(s(open(file)).autoOrient().flip().rotate(90))),
      chain(`turn: ${orientation}, autoOrient, rotate(270), resize`, (s, open) => lossless(s(open(file)).autoOrient().rotate(270).resize(30, 20))),
      chain(`turn: ${orientation}, resize, rotate(90), autoOrient`, (s, open) => lossless(s(open(file)).resize(30, 20).rotate(90).autoOrient())),
      chain(`turn: ${orientation}, autoOrient, trim`, (s, open) => lossless(s(open(file)).autoOrient().trim({ threshold: 60 }))),
    );
  }
  for (const angle of [90, 180, 270, -90, 360, 450]) {
    list.push(
      chain(`turn: rotate(${angle})`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle))),
      chain(`turn: rotate(${angle}) then resize`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle).resize(20, 10))),
      chain(`turn: resize then rotate(${angle})`, (s, open) => lossless(s(open('photo.jpg')).resize(20, 10).rotate(angle))),
      chain(`turn: resize(20) then rotate(${angle})`, (s, open) => lossless(s(open('photo.jpg')).resize(20).rotate(angle))),
      chain(`turn: contain then rotate(${angle})`, (s, open) => lossless(s(open('photo.jpg')).resize(20, 50, { fit: 'contain' }).rotate(angle))),
      chain(`turn: extract then rotate(${angle})`, (s, open) => lossless(s(open('photo.jpg')).extract({ left: 10, top: 5, width: 50, height: 20 }).rotate(angle))),
      chain(`turn: rotate(${angle}) then extract`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle).extract({ left: 10, top: 5, width: 50, height: 20 }))),
      chain(`turn: rotate(${angle}), flip, flop, resize`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle).flip().flop().resize(33, 15))),
    );
  }
  for (const angle of [30, -45, 12.5]) {
    list.push(
      chain(`turn: by ${angle}`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle))),
      chain(`turn: by ${angle} on a colour`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle, { background: 'orange' }))),
      chain(`turn: by ${angle} on nothing`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle, { background: '#0000' }))),
      chain(`turn: by ${angle} then resize`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle).resize(40))),
      chain(`turn: resize then by ${angle}`, (s, open) => lossless(s(open('photo.jpg')).resize(40).rotate(angle))),
    );
  }
  list.push(
    chain('turn: flip', (s, open) => lossless(s(open('photo.jpg')).flip())),
    chain('turn: flop', (s, open) => lossless(s(open('photo.jpg')).flop())),
    chain('turn: flip(false)', (s, open) => lossless(s(open('photo.jpg')).flip(false))),
    chain('turn: flip, flop, resize', (s, open) => lossless(s(open('photo.jpg')).flip().flop().resize(31, 31, { position: 'northeast' }))),
    chain('turn: flop after extract', (s, open) => lossless(s(open('photo.jpg')).extract({ left: 5, top: 6, width: 30, height: 20 }).flop().flip())),
    chain('turn: the last rotate wins', (s, open) => lossless(s(open('photo.jpg')).rotate(45).rotate(90))),
    chain('turn: 41×21, resize(20, 10).rotate(90)', (s) => lossless(s({ create: { width: 41, height: 21, channels: 3, background: 'red' } }).resize(20, 10).rotate(90))),
    chain('turn: 41×21, rotate(90).resize(20, 10)', (s) => lossless(s({ create: { width: 41, height: 21, channels: 3, background: 'red' } }).rotate(90).resize(20, 10))),
  );
  return list;
}

function extracts() {
  const area = { left: 12, top: 7, width: 40, height: 31 };
  return [
    chain('extract: before', (s, open) => lossless(s(open('photo.jpg')).extract(area))),
    chain('extract: before and resize', (s, open) => lossless(s(open('photo.jpg')).extract(area).resize(20, 20))),
    chain('extract: after', (s, open) => lossless(s(open('photo.jpg')).resize(60).extract({ left: 5, top: 5, width: 20, height: 10 }))),
    chain('extract: twice', (s, open) => lossless(s(open('photo.jpg')).extract(area).extract({ left: 2, top: 2, width: 10, height: 9 }))),
    chain('extract: before and after', (s, open) => lossless(s(open('photo.jpg')).extract(area).resize(30).extract({ left: 2, top: 2, width: 10, height: 9 }))),
    chain('extract: all', (s, open) => lossless(s(open('photo.jpg')).extract({ left: 0, top: 0, width: 192, height: 144 }))),
    chain('extend: number', (s, open) => lossless(s(open('photo.jpg')).extend(7))),
    chain('extend: sides', (s, open) => lossless(s(open('photo.jpg')).extend({ top: 3, left: 9, bottom: 1, right: 4, background: 'blue' }))),
    chain('extend: on nothing', (s, open) => lossless(s(open('photo.jpg')).extend({ top: 3, left: 9, background: 'rgba(0, 0, 0, 0)' }))),
    chain('extend: half transparent', (s, open) => lossless(s(open('photo-alpha.png')).extend({ top: 3, left: 9, background: '#ff000080' }))),
    ...['copy', 'repeat', 'mirror', 'background'].map((extendWith) =>
      chain(`extend: ${extendWith}`, (s, open) => lossless(s(open('photo.jpg')).extend({ top: 13, left: 19, bottom: 11, right: 14, extendWith })))),
    chain('extend: after resize', (s, open) => lossless(s(open('photo.jpg')).resize(30).extend({ top: 10, bottom: 10 }))),
    chain('extend: grey', (s, open) => lossless(s(open('grey.jpg')).extend({ top: 10, bottom: 10, background: '#c08040' }))),
    chain('extend: nothing', (s, open) => lossless(s(open('photo.jpg')).extend({}))),
    ...['transparent-colour.png', 'photo-alpha.png', 'lines.png', 'art.png', 'scene.png'].flatMap((file) => [
      chain(`trim: ${file}`, (s, open) => lossless(s(open(file)).trim())),
      chain(`trim: ${file} with a threshold`, (s, open) => lossless(s(open(file)).trim({ threshold: 40 }))),
    ]),
    ...[{}, { background: '#336699' }, { margin: 4 }, { lineArt: true }, { background: 'white', threshold: 5 }].map((options) =>
      chain(`trim: border ${JSON.stringify(options)}`, async (s, open) => {
        const framed = await s(open('photo.png')).extend({ top: 9, left: 5, right: 12, bottom: 3, background: '#336699' }).png().toBuffer();
        return s(framed).trim(options).png().toBuffer({ resolveWithObject: true });
      })),
    chain('trim: border and resize', async (s, open) => {
      const framed = await s(open('photo.png')).extend({ top: 9, left: 5, background: '#336699' }).png().toBuffer();
      return s(framed).trim().resize(20, 20).png().toBuffer({ resolveWithObject: true });
    }),
    chain('trim: border and flop', async (s, open) => {
      const framed = await s(open('photo.png')).extend({ top: 9, left: 5, background: '#336699' }).png().toBuffer();
      return s(framed).trim().flop().png().toBuffer({ resolveWithObject: true });
    }),
    chain('trim: border, extract, resize', async (s, open) => {
      const framed = await s(open('photo.png')).extend({ top: 9, left: 5, background: '#336699' }).png().toBuffer();
      return s(framed).trim().extract({ left: 3, top: 4, width: 40, height: 30 }).resize(20).png().toBuffer({ resolveWithObject: true });
    }),
  ];
}

function inputs() {
  const files = ['rgb.jpg', 'grey.jpg', 'cmyk.jpg', 'progressive.jpg', '422.jpg', 'restart.jpg', 'rgb.png', 'rgba.png', 'grey.png', 'grey-4.png',
    'grey-alpha.png', 'one-bit.png', 'palette.png', 'palette-alpha.png', 'rgb-16.png', 'rgba-16.png', 'transparent-colour.png', 'interlaced.png',
    'lossy.webp', 'lossless.webp', 'alpha.webp', 'still.gif', 'animated.gif', 'animated.webp'];
  return [
    ...files.flatMap((file) => [
      chain(`input: ${file} as it is`, (s, open) => s(open(file)), { tolerance: LOSSY }),
      chain(`input: ${file} to png`, (s, open) => lossless(s(open(file)))),
      chain(`input: ${file} resized`, (s, open) => lossless(s(open(file)).resize(37))),
      chain(`input: ${file} to raw`, (s, open) => s(open(file)).raw()),
      chain(`input: ${file} to jpeg`, (s, open) => s(open(file)).jpeg({ quality: 100, chromaSubsampling: '4:4:4' })),
    ]),
    ...['fig-adobe-rgb.jpg', 'brushes-display-p3.jpg', 'fig-cmyk.jpg', 'fig-ycck-no-profile.jpg', 'swapped-profile.jpg', 'sunset-16-bit.png', 'grey.jpg'].map((file) =>
      chain(`input: photo ${file}`, (s, open) => lossless(s(open(file)).resize(120)))),
    chain('input: raw rgb', (s) => lossless(s(Buffer.from([...Array(60).keys()].map((i) => i * 4)), { raw: { width: 5, height: 4, channels: 3 } }))),
    chain('input: raw grey', (s) => lossless(s(new Uint8Array(20).map((_, i) => i * 12), { raw: { width: 5, height: 4, channels: 1 } }))),
    chain('input: raw rgba resized', (s) => lossless(s(new Uint8ClampedArray(80).map((_, i) => i * 3), { raw: { width: 5, height: 4, channels: 4 } }).resize(10))),
    chain('input: raw stays raw', (s) => s(Buffer.alloc(12, 7), { raw: { width: 2, height: 2, channels: 3 } })),
    chain('input: create', (s) => lossless(s({ create: { width: 20, height: 10, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } } }))),
    chain('input: create rgb', (s) => lossless(s({ create: { width: 20, height: 10, channels: 3, background: 'hsl(120, 50%, 50%)' } }))),
    chain('input: create stays raw', (s) => s({ create: { width: 2, height: 2, channels: 4, background: 'red' } })),
    chain('input: ArrayBuffer', (s, open) => lossless(s(new Uint8Array(open('rgb.jpg', true)).buffer).resize(20))),
    chain('input: Uint8Array', (s, open) => lossless(s(new Uint8Array(open('rgb.jpg', true))).resize(20))),
    chain('input: svg', (s) => s(circle)),
    chain('input: svg resized', (s) => s(circle).resize(20)),
    chain('input: svg resized up', (s) => s(circle).resize(100)),
    chain('input: svg with density', (s) => s(circle, { density: 144 })),
    chain('input: options', (s, open) => lossless(s(open('rgb.jpg'), { sequentialRead: false, unlimited: true, failOn: 'error' }).resize(20))),
    chain('input: ignoreIcc', (s, open) => lossless(s(open('fig-adobe-rgb.jpg'), { ignoreIcc: true }).resize(120))),
    chain('input: limitInputPixels just enough', (s, open) => lossless(s(open('rgb.jpg'), { limitInputPixels: 96 * 72 }).resize(20))),
    chain('input: limitInputPixels one too few', (s, open) => lossless(s(open('rgb.jpg'), { limitInputPixels: 96 * 72 - 1 }).resize(20))),
    chain('input: limitInputPixels false', (s, open) => lossless(s(open('rgb.jpg'), { limitInputPixels: false }).resize(20))),
    chain('input: limitInputChannels', (s, open) => lossless(s(open('rgba.png'), { limitInputChannels: 3 }).resize(20))),
  ];
}

/** Every effect, on a picture with and without alpha. */
const effects = {
  'greyscale()': (c) => c.greyscale(),
  'grayscale(false)': (c) => c.grayscale(false),
  'flatten()': (c) => c.flatten(),
  'flatten(white)': (c) => c.flatten({ background: 'white' }),
  'negate()': (c) => c.negate(),
  'negate without alpha': (c) => c.negate({ alpha: false }),
  'negate(false)': (c) => c.negate(false),
  'median()': (c) => c.median(),
  'median(5)': (c) => c.median(5),
  'blur()': (c) => c.blur(),
  'blur(2)': (c) => c.blur(2),
  'blur(0.5)': (c) => c.blur(0.5),
  'blur({ sigma })': (c) => c.blur({ sigma: 4, precision: 'float', minAmplitude: 0.1 }),
  'sharpen()': (c) => c.sharpen(),
  'sharpen({ sigma })': (c) => c.sharpen({ sigma: 2 }),
  'sharpen with all': (c) => c.sharpen({ sigma: 1.5, m1: 0.5, m2: 3, x1: 3, y2: 15, y3: 15 }),
  'gamma()': (c) => c.gamma(),
  'gamma(1.5, 2.5)': (c) => c.gamma(1.5, 2.5),
  'gamma and resize': (c) => c.gamma(2).resize(40),
  'gamma, resize and greyscale': (c) => c.gamma(2).resize(40).greyscale(),
  'normalise()': (c) => c.normalise(),
  'normalize with range': (c) => c.normalize({ lower: 5, upper: 90 }),
  'threshold()': (c) => c.threshold(),
  'threshold(80, colour)': (c) => c.threshold(80, { greyscale: false }),
  'threshold(0)': (c) => c.threshold(0),
  'linear(1.2, -10)': (c) => c.linear(1.2, -10),
  'linear(null, 20)': (c) => c.linear(null, 20),
  'linear by channel': (c) => c.linear([0.5, 1, 1.5], [50, 0, -50]),
  'modulate brightness': (c) => c.modulate({ brightness: 1.3 }),
  'modulate saturation': (c) => c.modulate({ saturation: 0.4 }),
  'modulate hue': (c) => c.modulate({ hue: 120 }),
  'modulate lightness': (c) => c.modulate({ lightness: 20 }),
  'modulate all': (c) => c.modulate({ brightness: 0.8, saturation: 1.4, hue: -40 }),
  'tint(red)': (c) => c.tint('red'),
  'tint({ r, g, b })': (c) => c.tint({ r: 112, g: 66, b: 20 }),
  'removeAlpha()': (c) => c.removeAlpha(),
  'ensureAlpha()': (c) => c.ensureAlpha(),
  'ensureAlpha(0.5)': (c) => c.ensureAlpha(0.5),
  "toColourspace('b-w')": (c) => c.toColourspace('b-w'),
  "toColorspace('srgb')": (c) => c.toColorspace('srgb'),
};

function pixels() {
  return Object.entries(effects).flatMap(([name, apply]) => [
    chain(`effect: ${name} on rgb`, (s, open) => lossless(apply(s(open('photo.png'))))),
    chain(`effect: ${name} on alpha`, (s, open) => lossless(apply(s(open('photo-alpha.png'))))),
    chain(`effect: ${name} on a photo`, (s, open) => lossless(apply(s(open('coffee.png'), {}).resize(160)))),
  ]);
}

/** Pairs of effects, in the order in which they are called and in the other one. */
function pairs() {
  const names = ['greyscale()', 'flatten(white)', 'negate()', 'median()', 'blur(2)', 'sharpen()', 'gamma()', 'normalise()', 'threshold()', 'linear(1.2, -10)',
    'modulate all', 'tint(red)', 'removeAlpha()', 'ensureAlpha(0.5)', "toColourspace('b-w')"];
  const list = [];
  for (const [i, first] of names.entries()) {
    for (const second of names.slice(i + 1)) {
      const file = (i + second.length) % 2 ? 'photo-alpha.png' : 'photo.png';
      list.push(chain(`pair: ${second} and ${first}`, (s, open) => lossless(effects[first](effects[second](s(open(file)).resize(48, 40))))));
    }
  }
  const more = {
    'resize and extend': (c) => c.resize(30, 30).extend(5),
    'extend and resize': (c) => c.extend(5).resize(30, 30),
    'extend and blur': (c) => c.extend({ top: 8, bottom: 8, background: 'white' }).blur(3),
    'contain and greyscale': (c) => c.resize(60, 60, { fit: 'contain', background: 'red' }).greyscale(),
    'contain and flatten': (c) => c.resize(60, 60, { fit: 'contain', background: '#f008' }).flatten({ background: 'white' }),
    'contain and rotate(20)': (c) => c.resize(60, 60, { fit: 'contain', background: 'red' }).rotate(20, { background: 'blue' }),
    'rotate(20) and extract': (c) => c.resize(60, 40).rotate(20).extract({ left: 10, top: 10, width: 30, height: 30 }),
    'trim and rotate(90)': (c) => c.trim({ threshold: 50 }).rotate(90),
    'rotate(90) and trim': (c) => c.rotate(90).trim({ threshold: 50 }),
    'flip, extract, resize, extend, sharpen': (c) => c.flip().extract({ left: 5, top: 5, width: 60, height: 50 }).resize(40).extend(3).sharpen({ sigma: 1 }),
    'fill to one side': (c) => c.resize(30, null, { fit: 'fill' }),
    'trim and fill to one side': (c) => c.trim({ threshold: 50 }).resize(30, null, { fit: 'fill' }),
  };
  for (const [name, apply] of Object.entries(more)) {
    for (const file of ['photo.png', 'photo-alpha.png']) list.push(chain(`pair: ${name} on ${file}`, (s, open) => lossless(apply(s(open(file))))));
  }
  return list;
}

function layers() {
  const blends = ['clear', 'source', 'over', 'in', 'out', 'atop', 'dest', 'dest-over', 'dest-in', 'dest-out', 'dest-atop', 'xor', 'add', 'saturate', 'multiply',
    'screen', 'overlay', 'darken', 'lighten', 'colour-dodge', 'color-dodge', 'colour-burn', 'color-burn', 'hard-light', 'soft-light', 'difference', 'exclusion'];
  const half = { create: { width: 30, height: 20, channels: 4, background: { r: 255, g: 128, b: 0, alpha: 0.5 } } };
  return [
    ...blends.map((blend) => chain(`layer: ${blend}`, (s, open) => lossless(s(open('photo.png')).composite([{ input: open('alpha-60.png'), blend }])))),
    ...blends.filter((_, i) => i % 3 === 0).map((blend) => chain(`layer: ${blend} on alpha`, (s, open) => lossless(s(open('photo-alpha.png')).composite([{ input: open('alpha-60.png'), blend }])))),
    ...gravities.map((gravity) => chain(`layer: ${gravity}`, (s, open) => lossless(s(open('photo.png')).composite([{ input: half, gravity }])))),
    ...gravities.filter((_, i) => i % 2 === 0).map((gravity) => chain(`layer: tiled ${gravity}`, (s, open) => lossless(s(open('photo.png')).composite([{ input: half, gravity, tile: true }])))),
    chain('layer: at', (s, open) => lossless(s(open('photo.png')).composite([{ input: half, left: 7, top: 21 }]))),
    chain('layer: partly outside', (s, open) => lossless(s(open('photo.png')).composite([{ input: half, left: -7, top: 40 }]))),
    chain('layer: all outside', (s, open) => lossless(s(open('photo.png')).composite([{ input: half, left: 2000, top: 40 }]))),
    chain('layer: tiled from', (s, open) => lossless(s(open('photo.png')).composite([{ input: half, left: 5, top: 5, tile: true }]))),
    chain('layer: several', (s, open) => lossless(s(open('photo.png')).composite([{ input: half, left: 0, top: 0 }, { input: open('grey-60.png'), blend: 'multiply', gravity: 'southeast' }, { input: half, blend: 'screen' }]))),
    chain('layer: none', (s, open) => lossless(s(open('photo.png')).composite([]))),
    chain('layer: raw', (s, open) => lossless(s(open('photo.png')).composite([{ input: Buffer.alloc(300, 99), raw: { width: 10, height: 10, channels: 3 }, top: 3, left: 4 }]))),
    chain('layer: an oriented file', (s, open) => lossless(s(open('landscape.jpg')).resize(200).composite([{ input: open('orientation-6.jpg') }]))),
    chain('layer: an oriented file, upright', (s, open) => lossless(s(open('landscape.jpg')).resize(200).composite([{ input: open('orientation-6.jpg'), autoOrient: true }]))),
    chain('layer: to jpeg', (s, open) => s(open('photo.jpg')).composite([{ input: half }]).jpeg({ quality: 100, chromaSubsampling: '4:4:4' })),
    chain('layer: after effects', (s, open) => lossless(s(open('photo.jpg')).resize(60).blur(2).composite([{ input: half }]).negate())),
    chain('layer: too large', (s, open) => lossless(s(open('photo.jpg')).composite([{ input: open('landscape.jpg') }]))),
    chain('layer: too large after resize', (s, open) => lossless(s(open('photo.jpg')).resize(20).composite([{ input: half }]))),
    chain('layer: not an image', (s, open) => lossless(s(open('photo.jpg')).composite([{ input: Buffer.from('no image') }]))),
    ...['circle cx="20" cy="20" r="15" fill="red"', 'rect x="3" y="4" width="30" height="20" rx="6" ry="6" fill="#08f"', 'ellipse cx="20" cy="20" rx="18" ry="9" fill="green"',
      'path d="M4 4 L36 8 L20 36 Z" fill="purple"', 'rect width="40" height="40" fill="#fff" fill-opacity="0.5"'].map((shape) =>
      chain(`layer: svg ${shape.split(' ')[0]} ${shape.length}`, (s, open) => lossless(s(open('photo.png')).composite([{ input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><${shape}/></svg>`), gravity: 'northwest' }])))),
    chain('layer: svg rounded corners', (s, open) => lossless(s(open('landscape.jpg')).resize(80, 80).composite([{ input: Buffer.from('<svg><rect x="0" y="0" width="80" height="80" rx="20" ry="20"/></svg>'), blend: 'dest-in' }]))),
  ];
}

function formats() {
  const jpeg = [{}, { quality: 50 }, { quality: 95 }, { progressive: true }, { chromaSubsampling: '4:4:4' }, { mozjpeg: true }, { optimiseCoding: false }, { optimizeCoding: true },
    { trellisQuantisation: true }, { overshootDeringing: true }, { optimiseScans: true }, { quantisationTable: 3 }, { force: false }];
  const png = [{}, { compressionLevel: 0 }, { compressionLevel: 9 }, { adaptiveFiltering: true }, { progressive: true }, { palette: true }, { palette: true, colours: 16 },
    { colors: 4 }, { quality: 90 }, { dither: 0 }, { effort: 1 }, { palette: false }, { force: false }];
  const webp = [{}, { quality: 40 }, { lossless: true }, { nearLossless: true }, { nearLossless: true, quality: 50 }, { alphaQuality: 50 }, { effort: 0 }, { effort: 6 }, { smartSubsample: true },
    { loop: 3 }, { delay: 100 }];
  const gif = [{}, { colours: 16 }, { colors: 4 }, { dither: 0 }, { effort: 1 }, { reuse: false }, { loop: 2 }, { delay: [200] }];
  const avif = [{}, { quality: 80 }, { effort: 1 }, { chromaSubsampling: '4:2:0' }];
  const list = [];
  for (const file of ['photo.jpg', 'photo-alpha.png']) {
    const name = file.split('.')[0];
    for (const o of jpeg) list.push(chain(`jpeg: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).jpeg(o), { tolerance: o.quality === 50 ? 6 : LOSSY }));
    for (const o of png) list.push(chain(`png: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).png(o), { tolerance: o.colours || o.colors ? 25 : o.palette || o.quality || o.effort || o.dither !== undefined ? 6 : undefined }));
    for (const o of webp) list.push(chain(`webp: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).webp(o), { tolerance: LOSSY }));
    for (const o of gif) list.push(chain(`gif: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).gif(o), { tolerance: o.colours || o.colors ? 25 : 8 }));
    for (const o of avif) list.push(chain(`avif: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).avif(o), { tolerance: 6, codec: 'avif' }));
  }
  for (const format of ['jpg', 'jpeg', 'JPEG', 'png', 'webp', 'gif', 'raw', { id: 'png' }]) {
    list.push(chain(`toFormat: ${JSON.stringify(format)}`, (s, open) => s(open('photo.jpg')).toFormat(format, { quality: 90 }), { tolerance: 8 }));
  }
  list.push(chain('toFormat: the last wins', (s, open) => s(open('photo.jpg')).jpeg().webp().png()));
  list.push(chain('force: false keeps png', (s, open) => s(open('photo.png')).jpeg({ quality: 30, force: false })));
  for (const extension of ['jpg', 'JPG', 'png', 'webp', 'gif', 'xyz', 'bmp']) {
    list.push(chain(`toFile: .${extension}`, (s, open) => s(open('photo.jpg')).toFile(join(tmpdir(), `keenpix-conformance-${process.pid}.${extension}`)), { loose: { size: Infinity } }));
  }
  list.push(chain('toFile: format before extension', (s, open) => s(open('photo.jpg')).webp().toFile(join(tmpdir(), `keenpix-conformance-${process.pid}.jpg`)), { loose: { size: Infinity } }));
  list.push(chain('toFile: without a path', (s, open) => s(open('photo.jpg')).toFile()));
  list.push(chain('toFile: into no folder', (s, open) => s(open('photo.jpg')).toFile('/no/such/folder/x.jpg')));
  list.push(chain('toUint8Array', async (s, open) => {
    const { data, info } = await s(open('photo.png')).resize(20).png().toUint8Array();
    return { data: Buffer.from(data), info };
  }));
  return list;
}

function kept() {
  const ways = {
    'keepExif': (c) => c.keepExif(),
    'keepMetadata': (c) => c.keepMetadata(),
    'withMetadata': (c) => c.withMetadata(),
    'keepIccProfile': (c) => c.keepIccProfile(),
    'withIccProfile(srgb)': (c) => c.withIccProfile('srgb'),
    'withIccProfile(srgb) not attached': (c) => c.withIccProfile('srgb', { attach: false }),
    'withMetadata({ orientation: 3 })': (c) => c.withMetadata({ orientation: 3 }),
    'withMetadata({ density: 96 })': (c) => c.withMetadata({ density: 96 }),
    'keepExif and rotate()': (c) => c.keepExif().rotate(),
    'keepXmp': (c) => c.keepXmp(),
  };
  return Object.entries(ways).flatMap(([name, keep]) => ['orientation-6.jpg', 'fig-adobe-rgb.jpg', 'rgb.png'].flatMap((file) => [
    chain(`keep: ${name} ${file} jpeg`, (s, open) => keep(s(open(file)).resize(60)).jpeg({ quality: 100, chromaSubsampling: '4:4:4' })),
    chain(`keep: ${name} ${file} png`, (s, open) => keep(s(open(file)).resize(60)).png()),
  ]));
}

function animations() {
  return ['animated.gif', 'animated.webp'].flatMap((file) => [
    chain(`animation: ${file} first frame`, (s, open) => lossless(s(open(file)))),
    chain(`animation: ${file} to gif`, (s, open) => s(open(file), { animated: true }).gif(), { tolerance: 8 }),
    chain(`animation: ${file} to webp`, (s, open) => s(open(file), { animated: true }).webp({ lossless: true })),
    chain(`animation: ${file} pages -1`, (s, open) => s(open(file), { pages: -1 }).resize(30).webp({ lossless: true })),
    chain(`animation: ${file} page 1`, (s, open) => lossless(s(open(file), { page: 1 }))),
    chain(`animation: ${file} page 1, pages 2`, (s, open) => s(open(file), { page: 1, pages: 2 }).webp({ lossless: true })),
    chain(`animation: ${file} page 99`, (s, open) => lossless(s(open(file), { page: 99 }))),
    chain(`animation: ${file} cover`, (s, open) => s(open(file), { animated: true }).resize(30, 30).webp({ lossless: true })),
    chain(`animation: ${file} contain`, (s, open) => s(open(file), { animated: true }).resize(30, 30, { fit: 'contain' }).webp({ lossless: true })),
    chain(`animation: ${file} extract`, (s, open) => s(open(file), { animated: true }).extract({ left: 5, top: 6, width: 40, height: 30 }).webp({ lossless: true })),
    chain(`animation: ${file} extend`, (s, open) => s(open(file), { animated: true }).extend(5).webp({ lossless: true })),
    chain(`animation: ${file} flop`, (s, open) => s(open(file), { animated: true }).flop().webp({ lossless: true })),
    chain(`animation: ${file} loop and delay`, (s, open) => s(open(file), { animated: true }).webp({ lossless: true, loop: 5, delay: [50, 60, 70, 80] })),
    chain(`animation: ${file} one delay`, (s, open) => s(open(file), { animated: true }).gif({ delay: 120 }), { tolerance: 8 }),
    chain(`animation: ${file} rotate`, (s, open) => s(open(file), { animated: true }).rotate(90).webp()),
    chain(`animation: ${file} trim`, (s, open) => s(open(file), { animated: true }).trim().webp()),
    chain(`animation: ${file} attention`, (s, open) => s(open(file), { animated: true }).resize(20, 40, { position: 'attention' }).webp()),
    chain(`animation: ${file} greyscale`, (s, open) => s(open(file), { animated: true }).greyscale().webp({ lossless: true })),
    chain(`animation: ${file} to png`, (s, open) => s(open(file), { animated: true }).png()),
  ]);
}

function headers() {
  const files = ['rgb.jpg', 'orientation-6.jpg', 'orientation-3.jpg', 'cmyk.jpg', 'grey.jpg', '422.jpg', 'progressive.jpg', 'rgba.png', 'palette.png', 'palette-alpha.png', 'one-bit.png', 'grey-alpha.png',
    'rgb-16.png', 'rgba-16.png', 'transparent-colour.png', 'interlaced.png', 'animated.gif', 'animated.webp', 'still.gif', 'alpha.webp', 'lossless.webp', 'fig-adobe-rgb.jpg',
    'portrait-orientation-6.jpg', 'animation.gif'];
  return [
    ...files.flatMap((file) => [
      chain(`metadata: ${file}`, (s, open) => s(open(file)).metadata()),
      chain(`metadata: ${file} from a buffer`, (s, open) => s(open(file, true)).metadata()),
    ]),
    chain('metadata: animated', (s, open) => s(open('animated.gif'), { animated: true }).metadata()),
    chain('metadata: animated webp', (s, open) => s(open('animated.webp'), { animated: true }).metadata()),
    chain('metadata: raw', (s) => s(Buffer.alloc(12), { raw: { width: 2, height: 2, channels: 3 } }).metadata()),
    chain('metadata: create', (s) => s({ create: { width: 2, height: 2, channels: 4, background: 'red' } }).metadata()),
    chain('metadata: svg', (s) => s(circle).metadata()),
    chain('metadata: of what the chain does not change', (s, open) => s(open('rgb.jpg')).resize(10).metadata()),
    chain('metadata: callback', (s, open) => new Promise((resolve, reject) => {
      s(open('rgb.jpg')).metadata((error, metadata) => (error ? reject(error) : resolve(metadata)));
    })),
    ...['rgb.jpg', 'rgb.png', 'rgba.png', 'grey.png', 'grey-alpha.png', 'coffee.png'].map((file) =>
      chain(`stats: ${file}`, (s, open) => s(open(file)).stats(), {
        loose: { entropy: 0.02, sharpness: 0.2, mean: 1, stdev: 1, sum: Infinity, squaresSum: Infinity, min: file.endsWith('jpg') ? 3 : 0, max: file.endsWith('jpg') ? 3 : 0, minX: Infinity, minY: Infinity, maxX: Infinity, maxY: Infinity },
      })),
  ];
}

/** Arguments that are refused when they are given. */
function refusals() {
  const calls = {
    "resize('200')": (c) => c.resize('200'), 'resize(20.5)': (c) => c.resize(20.5), 'resize(NaN)': (c) => c.resize(NaN), 'resize(0)': (c) => c.resize(0), 'resize(-1)': (c) => c.resize(-1),
    "resize(10, 'x')": (c) => c.resize(10, 'x'), 'resize fit': (c) => c.resize(5, 5, { fit: 'x' }), 'resize position': (c) => c.resize(5, 5, { position: 9 }), 'resize kernel': (c) => c.resize(5, 5, { kernel: 'x' }),
    'resize withoutEnlargement': (c) => c.resize(5, 5, { withoutEnlargement: 1 }), 'resize background': (c) => c.resize(5, 5, { background: 5 }), 'resize width option': (c) => c.resize({ width: 'x' }),
    'jpeg quality 0': (c) => c.jpeg({ quality: 0 }), 'jpeg quality 101': (c) => c.jpeg({ quality: 101 }), 'jpeg quality text': (c) => c.jpeg({ quality: '80' }), 'jpeg progressive': (c) => c.jpeg({ progressive: 'x' }), 'jpeg chroma': (c) => c.jpeg({ chromaSubsampling: '4:2:2' }),
    'jpeg mozjpeg': (c) => c.jpeg({ mozjpeg: 1 }), 'jpeg table': (c) => c.jpeg({ quantisationTable: 9 }),
    'png compressionLevel': (c) => c.png({ compressionLevel: 10 }), 'png colours': (c) => c.png({ colours: 1 }), 'png quality': (c) => c.png({ quality: 101 }), 'png dither': (c) => c.png({ dither: 2 }), 'png effort': (c) => c.png({ effort: 0 }), 'png palette': (c) => c.png({ palette: 'x' }),
    'webp quality': (c) => c.webp({ quality: 0 }), 'webp effort': (c) => c.webp({ effort: 7 }), 'webp alphaQuality': (c) => c.webp({ alphaQuality: 101 }), 'webp loop': (c) => c.webp({ loop: -1 }), 'webp delay': (c) => c.webp({ delay: [-1] }), 'webp preset': (c) => c.webp({ preset: 'x' }),
    'gif colours': (c) => c.gif({ colours: 257 }), 'gif effort': (c) => c.gif({ effort: 11 }), 'gif dither': (c) => c.gif({ dither: -1 }), 'gif interFrameMaxError': (c) => c.gif({ interFrameMaxError: 33 }),
    'avif quality': (c) => c.avif({ quality: 0 }), 'avif effort': (c) => c.avif({ effort: 10 }), 'avif chroma': (c) => c.avif({ chromaSubsampling: '4:2:2' }), 'avif bitdepth': (c) => c.avif({ bitdepth: 9 }), 'heif()': (c) => c.heif(), 'heif compression': (c) => c.heif({ compression: 'x' }),
    "toFormat('bmp')": (c) => c.toFormat('bmp'), 'toFormat({ id })': (c) => c.toFormat({ id: 'zoinks' }), 'jp2()': (c) => c.toFormat('jp2'),
    'extract nothing': (c) => c.extract({ left: 1 }), 'extract negative': (c) => c.extract({ left: -1, top: 0, width: 5, height: 5 }), 'extend text': (c) => c.extend('x'), 'extend negative': (c) => c.extend({ top: -1 }), 'extend 0': (c) => c.extend(0), 'extendWith': (c) => c.extend({ top: 1, extendWith: 'x' }),
    'trim number': (c) => c.trim(10), 'trim threshold': (c) => c.trim({ threshold: -1 }), 'trim margin': (c) => c.trim({ margin: 1.5 }), 'trim lineArt': (c) => c.trim({ lineArt: 1 }),
    'rotate text': (c) => c.rotate('x'), 'rotate NaN': (c) => c.rotate(NaN), 'flatten colour': (c) => c.flatten({ background: 'nope' }), 'flatten number': (c) => c.flatten({ background: 1 }), 'tint number': (c) => c.tint(5),
    'blur 0.1': (c) => c.blur(0.1), 'blur text': (c) => c.blur('x'), 'blur options': (c) => c.blur({ precision: 'float' }), 'sharpen sigma': (c) => c.sharpen({ sigma: 11 }), 'sharpen m1': (c) => c.sharpen({ sigma: 1, m1: -1 }), 'median 0': (c) => c.median(0), 'median 1.5': (c) => c.median(1.5),
    'gamma 4': (c) => c.gamma(4), 'gamma out': (c) => c.gamma(2, 0), 'threshold -1': (c) => c.threshold(-1), 'threshold 256': (c) => c.threshold(256), 'linear text': (c) => c.linear('x'), 'linear lengths': (c) => c.linear([1, 2], [1]),
    'modulate nothing': (c) => c.modulate(), 'modulate brightness': (c) => c.modulate({ brightness: -1 }), 'modulate hue': (c) => c.modulate({ hue: 1.5 }), 'normalise range': (c) => c.normalise({ lower: 90, upper: 10 }), 'normalise lower': (c) => c.normalise({ lower: 100 }),
    'negate alpha': (c) => c.negate({ alpha: 1 }), 'ensureAlpha 2': (c) => c.ensureAlpha(2), 'toColourspace 5': (c) => c.toColourspace(5),
    'composite text': (c) => c.composite('x'), 'composite [1]': (c) => c.composite([1]), 'composite no input': (c) => c.composite([{}]), 'composite blend': (c) => c.composite([{ input: 'x', blend: 'y' }]), 'composite left alone': (c) => c.composite([{ input: 'x', left: 1 }]),
    'composite gravity': (c) => c.composite([{ input: 'x', gravity: 'y' }]), 'composite tile': (c) => c.composite([{ input: 'x', tile: 1 }]), 'composite top': (c) => c.composite([{ input: 'x', top: 1.5, left: 1 }]),
    'timeout()': (c) => c.timeout(), 'timeout seconds': (c) => c.timeout({ seconds: 'x' }), 'withMetadata orientation': (c) => c.withMetadata({ orientation: 9 }), 'withMetadata density': (c) => c.withMetadata({ density: 0 }), 'withIccProfile 5': (c) => c.withIccProfile(5),
    'toBuffer resolveWithObject': (c) => c.toBuffer({ resolveWithObject: 'x' }),
  };
  const made = {
    'sharp(null)': (s) => s(null), 'sharp(undefined)': (s) => s(undefined), 'sharp(5)': (s) => s(5), 'sharp(true)': (s) => s(true), "sharp('')": (s) => s(''), 'sharp([])': (s) => s([]), "sharp(path, 5)": (s) => s('x.jpg', 5), 'sharp(empty buffer)': (s) => s(Buffer.alloc(0)),
    'sharp(empty ArrayBuffer)': (s) => s(new ArrayBuffer(0)), 'sharp(empty Uint8Array)': (s) => s(new Uint8Array(0)), 'failOn': (s) => s('x', { failOn: 'x' }), 'autoOrient': (s) => s('x', { autoOrient: 1 }), 'density': (s) => s('x', { density: 0 }), 'limitInputPixels': (s) => s('x', { limitInputPixels: -1 }),
    'pages': (s) => s('x', { pages: -2 }), 'page': (s) => s('x', { page: -1 }), 'animated': (s) => s('x', { animated: 'x' }), 'unlimited': (s) => s('x', { unlimited: 1 }), 'ignoreIcc': (s) => s('x', { ignoreIcc: 1 }), 'sequentialRead': (s) => s('x', { sequentialRead: 1 }),
    'raw': (s) => s(Buffer.alloc(5), { raw: { width: 1 } }), 'raw channels': (s) => s(Buffer.alloc(5), { raw: { width: 1, height: 1, channels: 5 } }), 'create': (s) => s({ create: { width: 1 } }), 'create background': (s) => s({ create: { width: 1, height: 1, channels: 3 } }), 'create channels': (s) => s({ create: { width: 1, height: 1, channels: 2, background: 'red' } }),
    'cache': (s) => s.cache({ memory: -1 }), 'block': (s) => s.block(), 'block operations': (s) => s.block({ operation: 'x' }),
  };
  return [
    ...Object.entries(calls).map(([name, call]) => chain(`refusal: ${name}`, (s) => call(s({ create: { width: 50, height: 50, channels: 3, background: 'red' } })))),
    ...Object.entries(made).map(([name, make]) => chain(`refusal: ${name}`, (s) => make(s))),
  ];
}

/** What goes wrong while a chain runs. */
function faults() {
  const bytes = (text) => Buffer.from(text);
  return [
    chain('fault: text', (s) => s(bytes('this is a text, not an image'))),
    chain('fault: html', (s) => s(bytes('<!doctype html><html><body>404</body></html>'))),
    chain('fault: json', (s) => s(bytes('{"error": "denied"}'))),
    chain('fault: text, metadata', (s) => s(bytes('this is a text, not an image')).metadata()),
    chain('fault: missing file', (s) => s('/nope.jpg')),
    chain('fault: missing file, metadata', (s) => s('/nope.jpg').metadata()),
    chain('fault: missing file, callback', (s) => new Promise((resolve, reject) => { s('/nope.jpg').toBuffer((error, data) => (error ? reject(error) : resolve(data))); })),
    chain('fault: svg for a path', (s) => s('<svg width="1"/>')),
    chain('fault: a folder', (s) => s('/tmp')),
    chain('fault: half a jpeg', (s, open) => { const b = open('landscape.jpg', true); return s(b.subarray(0, b.length >> 1)).resize(20); }),
    chain("fault: half a jpeg, failOn: 'truncated'", (s, open) => { const b = open('landscape.jpg', true); return s(b.subarray(0, b.length >> 1), { failOn: 'truncated' }).resize(20); }),
    chain('fault: half a png', (s, open) => { const b = open('coffee.png', true); return s(b.subarray(0, b.length >> 1)).resize(20); }),
    chain('fault: a jpeg of 30 bytes', (s, open) => s(open('landscape.jpg', true).subarray(0, 30))),
    chain('fault: a png of 20 bytes', (s, open) => s(open('coffee.png', true).subarray(0, 20))),
    chain('fault: half a webp', (s, open) => { const b = open('lossy.webp', true); return s(b.subarray(0, b.length >> 1)).resize(20); }),
    chain('fault: extract outside', (s, open) => s(open('photo.jpg')).extract({ left: 60, top: 0, width: 50, height: 10 })),
    chain('fault: extract outside after resize', (s, open) => s(open('photo.jpg')).resize(20).extract({ left: 15, top: 0, width: 10, height: 10 })),
    chain('fault: extract of nothing', (s, open) => s(open('photo.jpg')).extract({ left: 0, top: 0, width: 0, height: 10 })),
    chain('fault: raw too short', (s) => s(Buffer.alloc(10), { raw: { width: 2, height: 2, channels: 3 } }).png()),
    chain('fault: linear with too many', (s, open) => s(open('photo.jpg')).linear([1, 1, 1, 1, 1], [0, 0, 0, 0, 0]).png()),
    chain('fault: trim of 2×2', (s) => s({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).trim().png()),
    chain('fault: too wide for jpeg', (s) => s({ create: { width: 66000, height: 2, channels: 3, background: 'red' } }).jpeg()),
    chain('fault: too wide for webp', (s) => s({ create: { width: 17000, height: 2, channels: 3, background: 'red' } }).webp()),
    chain('fault: same file', (s, open) => s(open('rgb.jpg')).toFile(open('rgb.jpg'))),
    chain('fault: timeout', (s, open) => s(open('twelve-megapixels.jpg')).timeout({ seconds: 1 }).resize(9000).webp({ effort: 6, quality: 100 })),
    chain('fault: writing to a chain that has its input', (s, open) => new Promise((resolve, reject) => { const c = s(open('photo.jpg')); c.on('error', reject); c.write(Buffer.from('x')); })),
    chain('fault: text written to a chain', (s) => new Promise((resolve, reject) => { const c = s(); c.on('error', reject); Readable.from([Buffer.from('plain text')]).pipe(c); c.resume(); })),
  ];
}

/** entropy and attention: the same cut within 5 % of the side. */
function searches() {
  const photos = ['landscape.jpg', 'coffee.png', 'fig-adobe-rgb.jpg', 'brushes-display-p3.jpg', 'progressive.jpg', 'portrait-orientation-8.jpg', 'stream.webp', 'cat-lossless.webp', 'bowl-alpha.png', 'swapped-profile.jpg'];
  const list = [];
  for (const file of photos) {
    for (const position of ['entropy', 'attention']) {
      for (const [width, height] of [[100, 200], [200, 80]]) {
        list.push(chain(`search: ${position} ${width}×${height} ${file}`, (s, open) => lossless(s(open(file)).resize(width, height, { position })), {
          search: position, side: Math.max(width, height), loose: { cropOffsetLeft: width * 0.05, cropOffsetTop: height * 0.05, attentionX: Infinity, attentionY: Infinity }, tolerance: Infinity,
        }));
      }
    }
  }
  return list;
}

function plumbing() {
  return [
    chain('plumbing: clone keeps its own format', async (s, open) => {
      const image = s(open('photo.jpg')).resize(20);
      image.clone().png();
      return image.toBuffer({ resolveWithObject: true });
    }, { tolerance: LOSSY }),
    chain('plumbing: the chain may be used twice', async (s, open) => {
      const image = s(open('photo.jpg')).resize(20).png();
      await image.toBuffer();
      return image.toBuffer({ resolveWithObject: true });
    }),
    chain('plumbing: clones of a stream', async (s, open) => {
      const image = s();
      const outputs = [image.clone().resize(30).png().toBuffer(), image.clone().resize(20).png().toBuffer()];
      Readable.from([open('photo.jpg', true)]).pipe(image);
      return (await Promise.all(outputs))[0];
    }),
    chain('plumbing: a stream in pieces', async (s, open) => {
      const bytes = open('photo.jpg', true);
      const through = s().resize(20).png();
      Readable.from([bytes.subarray(0, 100), bytes.subarray(100, 2000), bytes.subarray(2000)]).pipe(through);
      return through.toBuffer({ resolveWithObject: true });
    }),
    chain('plumbing: metadata of a stream', (s, open) => {
      const image = s();
      Readable.from([open('photo.jpg', true)]).pipe(image);
      return image.metadata();
    }),
    chain('plumbing: info event', (s, open) => new Promise((resolve, reject) => {
      s(open('photo.jpg')).resize(20).png().on('info', (info) => resolve(info)).on('error', reject).resume();
    }), { loose: { size: Infinity } }),
    chain('plumbing: error event', (s) => new Promise((resolve, reject) => {
      s('/nope.jpg').on('error', reject).on('info', resolve).resume();
    })),
    chain('plumbing: close event', (s, open) => new Promise((resolve, reject) => {
      const seen = [];
      const image = s(open('photo.jpg')).resize(20).png();
      for (const name of ['info', 'end', 'close']) image.on(name, () => seen.push(name));
      image.on('close', () => resolve(seen.join())).on('error', reject).resume();
    })),
    chain('plumbing: toBuffer of toBuffer with object', (s, open) => s(open('photo.png')).resize(10).toBuffer({ resolveWithObject: true })),
    chain('plumbing: toBuffer without object', (s, open) => s(open('photo.png')).resize(10).toBuffer({ resolveWithObject: false })),
    chain('plumbing: cache(false)', (s) => Promise.resolve(s.cache(false).memory.max)),
    chain('plumbing: concurrency(1)', (s) => Promise.resolve(s.concurrency(1))),
    chain('plumbing: counters()', (s) => Promise.resolve(s.counters())),
    ...['fit', 'gravity', 'strategy', 'position', 'kernel', 'blend', 'colourspace', 'bool', 'align', 'interpolators'].map((name) =>
      chain(`plumbing: sharp.${name}`, (s) => Promise.resolve(s[name]))),
    chain('plumbing: a chain is a stream', (s, open) => {
      const image = s(open('photo.jpg'));
      return Promise.resolve([typeof image.pipe, typeof image.write, image instanceof s]);
    }),
  ];
}

export const chains = [
  ...people(), ...sizes(), ...places(), ...turns(), ...extracts(), ...inputs(), ...pixels(), ...pairs(), ...layers(), ...formats(), ...kept(),
  ...animations(), ...headers(), ...refusals(), ...faults(), ...searches(), ...plumbing(),
];
