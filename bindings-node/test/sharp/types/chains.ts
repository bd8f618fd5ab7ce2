// What the declarations must accept, and what they must refuse. types.test.mjs compiles it; it is never run.

import { createReadStream } from 'node:fs';
import sharp from 'keenpix/sharp';

const chain: sharp.Sharp = sharp('in.jpg', { failOn: 'none', limitInputPixels: false, animated: true });
const buffer: Promise<Buffer> = chain
  .rotate()
  .resize(200, null, { fit: sharp.fit.inside, position: sharp.strategy.attention })
  .toBuffer();
const whole: Promise<{ data: Buffer; info: sharp.OutputInfo }> = chain.toBuffer({ resolveWithObject: true });
const file: Promise<sharp.OutputInfo> = chain.webp({ quality: 80, loop: 0 }).toFile('out.webp');
const stopped: Promise<Buffer> = sharp(createReadStream('in.jpg'))
  .png({ palette: true })
  .toBuffer({ signal: AbortSignal.timeout(500) });

chain
  .clone()
  .composite([{ input: Buffer.alloc(9), blend: 'dest-in', gravity: 'southeast' }])
  .avif({ quality: 50 });
chain
  .extract({ left: 0, top: 0, width: 5, height: 5 })
  .extend({ top: 5, background: { r: 0, g: 0, b: 0, alpha: 0 } })
  .trim({ threshold: 5 });
chain.metadata().then(({ width, orientation, autoOrient }) => [width, orientation?.toFixed(), autoOrient.width]);
chain.toBuffer((error, data, info) => [error?.code, data.length, info.width]);
sharp().pipe(process.stdout);
sharp({ create: { width: 1, height: 1, channels: 4, background: 'red' } }).toFormat('jpeg', { mozjpeg: true });
sharp(new Blob([]))
  .stats()
  .then(({ dominant }) => dominant.r);
sharp.cache(false);
sharp.concurrency(1).toFixed();

// @ts-expect-error sizes are numbers
chain.resize('200');
// @ts-expect-error there is no such fit
chain.resize(1, 1, { fit: 'stretch' });
// @ts-expect-error there is no such option
chain.jpeg({ qualty: 80 });
// @ts-expect-error keenpix does not write TIFF
chain.tiff();
// @ts-expect-error outputs are sRGB or grey
chain.toColourspace('cmyk');
// @ts-expect-error a layer has an input
chain.composite([{ blend: 'over' }]);

export { buffer, file, stopped, whole };
