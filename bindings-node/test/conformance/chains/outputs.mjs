// Outputs: formats and their options, and the metadata kept.

import { temporary } from '../temporary.mjs';
import { chain, LOSSY } from './common.mjs';

function formats() {
  const jpeg = [
    {},
    { quality: 50 },
    { quality: 95 },
    { progressive: true },
    { chromaSubsampling: '4:4:4' },
    { mozjpeg: true },
    { optimiseCoding: false },
    { optimizeCoding: true },
    { trellisQuantisation: true },
    { overshootDeringing: true },
    { optimiseScans: true },
    { quantisationTable: 3 },
    { force: false },
  ];
  const png = [
    {},
    { compressionLevel: 0 },
    { compressionLevel: 9 },
    { adaptiveFiltering: true },
    { progressive: true },
    { palette: true },
    { palette: true, colours: 16 },
    { colors: 4 },
    { quality: 90 },
    { dither: 0 },
    { effort: 1 },
    { palette: false },
    { force: false },
  ];
  const webp = [
    {},
    { quality: 40 },
    { lossless: true },
    { nearLossless: true },
    { nearLossless: true, quality: 50 },
    { alphaQuality: 50 },
    { effort: 0 },
    { effort: 6 },
    { smartSubsample: true },
    { loop: 3 },
    { delay: 100 },
  ];
  const gif = [
    {},
    { colours: 16 },
    { colors: 4 },
    { dither: 0 },
    { effort: 1 },
    { reuse: false },
    { loop: 2 },
    { delay: [200] },
    { progressive: true },
  ];
  const avif = [{}, { lossless: true }, { quality: 80 }, { effort: 1 }, { chromaSubsampling: '4:2:0' }];
  const list = [];
  for (const file of ['photo.jpg', 'photo-alpha.png']) {
    const name = file.split('.')[0];
    for (const o of jpeg)
      list.push(
        chain(`jpeg: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).jpeg(o), {
          tolerance: o.quality === 50 ? 6 : LOSSY,
        }),
      );
    for (const o of png)
      list.push(
        chain(`png: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).png(o), {
          tolerance:
            o.colours || o.colors
              ? 25
              : o.force === false
                ? LOSSY
                : o.palette || o.quality || o.effort || o.dither !== undefined
                  ? 6
                  : undefined,
        }),
      );
    for (const o of webp)
      list.push(chain(`webp: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).webp(o), { tolerance: LOSSY }));
    for (const o of gif)
      list.push(
        chain(`gif: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).gif(o), {
          tolerance: o.colours || o.colors ? 25 : 8,
        }),
      );
    for (const o of avif)
      list.push(
        chain(`avif: ${JSON.stringify(o)} ${name}`, (s, open) => s(open(file)).avif(o), {
          tolerance: 6,
          codec: 'avif',
        }),
      );
  }
  for (const format of ['jpg', 'jpeg', 'JPEG', 'png', 'webp', 'gif', 'raw', { id: 'png' }]) {
    list.push(
      chain(
        `toFormat: ${JSON.stringify(format)}`,
        (s, open) => s(open('photo.jpg')).toFormat(format, { quality: 90 }),
        { tolerance: 8 },
      ),
    );
  }
  list.push(
    chain('jpeg: grey, of an input with alpha', (s, open) =>
      s(open('rgba.png')).toColourspace('b-w').jpeg({ quality: 100 }),
    ),
  );
  list.push(chain('toFormat: the last wins', (s, open) => s(open('photo.jpg')).jpeg().webp().png()));
  list.push(chain('force: false keeps png', (s, open) => s(open('photo.png')).jpeg({ quality: 30, force: false })));
  for (const extension of ['jpg', 'JPG', 'png', 'webp', 'gif', 'xyz', 'bmp']) {
    list.push(
      chain(`toFile: .${extension}`, (s, open) => s(open('photo.jpg')).toFile(temporary(`out.${extension}`)), {
        loose: { size: Infinity },
      }),
    );
  }
  list.push(
    chain('toFile: format before extension', (s, open) => s(open('photo.jpg')).webp().toFile(temporary('out.jpg')), {
      loose: { size: Infinity },
    }),
  );
  list.push(chain('toFile: without a path', (s, open) => s(open('photo.jpg')).toFile()));
  list.push(chain('toFile: into no folder', (s, open) => s(open('photo.jpg')).toFile('/no/such/folder/x.jpg')));
  list.push(
    chain('toUint8Array', async (s, open) => {
      const { data, info } = await s(open('photo.png')).resize(20).png().toUint8Array();
      return { data: Buffer.from(data), info };
    }),
  );
  return list;
}

function kept() {
  const ways = {
    keepExif: (c) => c.keepExif(),
    keepMetadata: (c) => c.keepMetadata(),
    withMetadata: (c) => c.withMetadata(),
    keepIccProfile: (c) => c.keepIccProfile(),
    'withIccProfile(srgb)': (c) => c.withIccProfile('srgb'),
    'withIccProfile(srgb) not attached': (c) => c.withIccProfile('srgb', { attach: false }),
    'withMetadata({ orientation: 3 })': (c) => c.withMetadata({ orientation: 3 }),
    'withMetadata({ density: 96 })': (c) => c.withMetadata({ density: 96 }),
    'keepExif and rotate()': (c) => c.keepExif().rotate(),
    keepXmp: (c) => c.keepXmp(),
  };
  return Object.entries(ways).flatMap(([name, keep]) =>
    ['orientation-6.jpg', 'fig-adobe-rgb.jpg', 'photo.png'].flatMap((file) => [
      chain(`keep: ${name} ${file} jpeg`, (s, open) =>
        keep(s(open(file)).resize(120)).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
      ),
      chain(`keep: ${name} ${file} png`, (s, open) => keep(s(open(file)).resize(120)).png()),
    ]),
  );
}

export default () => [...formats(), ...kept()];
