// Streams, clones, events, callbacks and statics.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LOSSY, chain } from './common.mjs';

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
      const outputs = [image.clone().resize(60).png().toBuffer(), image.clone().resize(20).png().toBuffer()];
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
    chain('plumbing: toBuffer of toBuffer with object', (s, open) => s(open('photo.png')).resize(60).toBuffer({ resolveWithObject: true })),
    chain('plumbing: toBuffer without object', (s, open) => s(open('photo.png')).resize(60).toBuffer({ resolveWithObject: false })),
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

export default () => [...plumbing()];
