// Chains that people really use.

import { Readable } from 'node:stream';
import { temporary } from '../temporary.mjs';
import { chain, circle, LOSSY } from './common.mjs';

function people() {
  const lossy = { tolerance: LOSSY };
  return [
    chain('people: resize(w).toBuffer()', (s, open) => s(open('landscape.jpg')).resize(300), lossy),
    chain('people: resize(w, h).toFormat(f)', (s, open) => s(open('landscape.jpg')).resize(200, 200).toFormat('png')),
    chain(
      'people: resize(w, h).toFormat(webp)',
      (s, open) => s(open('landscape.jpg')).resize(200, 200).toFormat('webp'),
      lossy,
    ),
    chain(
      'people: fit inside with quality',
      (s, open) => s(open('coffee.png')).resize(250, 250, { fit: 'inside' }).jpeg({ quality: 70 }),
      lossy,
    ),
    chain('people: rotate().resize(w)', (s, open) => s(open('portrait-orientation-6.jpg')).rotate().resize(200), lossy),
    chain('people: metadata() then resize', async (s, open) => {
      const image = s(open('landscape.jpg'));
      const { width } = await image.metadata();
      return image
        .resize(Math.round(width / 4))
        .png()
        .toBuffer({ resolveWithObject: true });
    }),
    chain(
      'people: withoutEnlargement and webp',
      (s, open) => s(open('photo.jpg')).resize({ width: 1000, withoutEnlargement: true }).webp(),
      lossy,
    ),
    chain('people: extract then resize', (s, open) =>
      s(open('landscape.jpg')).extract({ left: 50, top: 40, width: 300, height: 200 }).resize(120, 80).png(),
    ),
    chain('people: circle by composite dest-in', (s, open) =>
      s(open('landscape.jpg'))
        .resize(40, 40)
        .composite([{ input: circle, blend: 'dest-in' }])
        .png(),
    ),
    chain('people: flatten().jpeg()', (s, open) =>
      s(open('photo-alpha.png')).flatten().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    ),
    chain(
      'people: flatten on white',
      (s, open) => s(open('bowl-alpha.png')).flatten({ background: '#fff' }).resize(120).jpeg(),
      lossy,
    ),
    chain(
      'people: resize(512, 512).jpeg().toBuffer()',
      (s, open) => s(open('landscape.jpg')).resize(512, 512).jpeg().toBuffer(),
      lossy,
    ),
    chain(
      'people: callback',
      (s, open) =>
        new Promise((resolve, reject) => {
          s(open('photo.jpg'))
            .resize(30)
            .png()
            .toBuffer((error, data, info) => (error ? reject(error) : resolve({ data, info })));
        }),
    ),
    chain('people: toFile', async (s, open) => s(open('photo.jpg')).resize(30).toFile(temporary('out.png')), {
      loose: { size: Infinity },
    }),
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
    chain(
      "people: failOn: 'none' on half a file",
      (s, open) => {
        const bytes = open('landscape.jpg', true);
        return s(bytes.subarray(0, bytes.length >> 1), { failOn: 'none' })
          .resize(100)
          .png();
      },
      { tolerance: 3 },
    ),
    chain('people: animated', (s, open) => s(open('animated.gif'), { animated: true }).resize(40).webp(), {
      tolerance: LOSSY,
    }),
    chain('people: timeout', (s, open) => s(open('photo.jpg')).timeout({ seconds: 30 }).resize(20).png()),
    chain('people: limitInputPixels', (s, open) => s(open('landscape.jpg'), { limitInputPixels: 1000 }).resize(20)),
    chain('people: withMetadata', (s, open) =>
      s(open('orientation-6.jpg')).withMetadata().resize(100).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    ),
    chain(
      'people: the chain of next.js',
      (s, open) =>
        s(open('landscape.jpg', true), { limitInputPixels: undefined, sequentialRead: true })
          .timeout({ seconds: 7 })
          .rotate()
          .resize(256, undefined, { withoutEnlargement: true })
          .webp({ quality: 75 }),
      lossy,
    ),
    chain(
      'people: the chain of next.js, avif',
      (s, open) =>
        s(open('photo.jpg', true))
          .rotate()
          .resize(64, undefined, { withoutEnlargement: true })
          .avif({ quality: 55, effort: 3 }),
      { tolerance: 6, codec: 'avif' },
    ),
    chain('people: greyscale thumbnail', (s, open) => s(open('landscape.jpg')).resize(100).greyscale().png()),
    chain('people: blurred placeholder', (s, open) => s(open('landscape.jpg')).resize(20).blur().png()),
    chain('people: contain on white', (s, open) =>
      s(open('coffee.png'))
        .resize({ width: 200, height: 200, fit: 'contain', background: { r: 255, g: 255, b: 255, alpha: 1 } })
        .png(),
    ),
    chain('people: contain on nothing', (s, open) =>
      s(open('landscape.jpg'))
        .resize({ width: 200, height: 200, fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
        .png(),
    ),
    chain(
      'people: raw pixels for a hash',
      (s, open) => s(open('landscape.jpg')).resize(8, 8, { fit: 'fill' }).greyscale().raw(),
      { tolerance: 2 },
    ),
    chain(
      'people: mozjpeg',
      (s, open) => s(open('landscape.jpg')).resize(200).jpeg({ quality: 80, mozjpeg: true }),
      lossy,
    ),
    chain('people: watermark in a corner', (s, open) =>
      s(open('landscape.jpg'))
        .resize(200)
        .composite([{ input: open('alpha.webp'), gravity: 'southeast' }])
        .png(),
    ),
    chain('people: trim then resize', (s, open) => s(open('transparent-colour.png')).trim().resize(50).png()),
    chain('people: sharpen after resize', (s, open) => s(open('landscape.jpg')).resize(150).sharpen().png()),
    chain(
      'people: progressive jpeg',
      (s, open) => s(open('landscape.jpg')).resize(100).jpeg({ progressive: true }),
      lossy,
    ),
  ];
}

export default () => [...people()];
