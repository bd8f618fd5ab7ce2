import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { chain, LOSSY } from './common.mjs';

function plumbing() {
  return [
    chain(
      'plumbing: clone keeps its own format',
      async (s, open) => {
        const image = s(open('photo.jpg')).resize(20);
        image.clone().png();
        return image.toBuffer({ resolveWithObject: true });
      },
      { tolerance: LOSSY },
    ),
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
    chain(
      'plumbing: info event',
      (s, open) =>
        new Promise((resolve, reject) => {
          s(open('photo.jpg'))
            .resize(20)
            .png()
            .on('info', (info) => resolve(info))
            .on('error', reject)
            .resume();
        }),
      { loose: { size: Infinity } },
    ),
    chain(
      'plumbing: error event',
      (s) =>
        new Promise((resolve, reject) => {
          s('/nope.jpg').on('error', reject).on('info', resolve).resume();
        }),
    ),
    chain(
      'plumbing: close event',
      (s, open) =>
        new Promise((resolve, reject) => {
          const seen = [];
          const image = s(open('photo.jpg')).resize(20).png();
          for (const name of ['info', 'end', 'close']) image.on(name, () => seen.push(name));
          image
            .on('close', () => resolve(seen.join()))
            .on('error', reject)
            .resume();
        }),
    ),
    chain('plumbing: toBuffer of toBuffer with object', (s, open) =>
      s(open('photo.png')).resize(60).toBuffer({ resolveWithObject: true }),
    ),
    chain('plumbing: toBuffer without object', (s, open) =>
      s(open('photo.png')).resize(60).toBuffer({ resolveWithObject: false }),
    ),
    chain('plumbing: cache(false)', (s) => Promise.resolve(s.cache(false).memory.max)),
    chain('plumbing: concurrency(1)', (s) => Promise.resolve(s.concurrency(1))),
    chain('plumbing: counters()', (s) => Promise.resolve(s.counters())),
    ...[
      'fit',
      'gravity',
      'strategy',
      'position',
      'kernel',
      'blend',
      'colourspace',
      'bool',
      'align',
      'interpolators',
    ].map((name) => chain(`plumbing: sharp.${name}`, (s) => Promise.resolve(s[name]))),
    chain('plumbing: events of a stream that goes wrong', async (s) => {
      const seen = [];
      const image = s().resize(20);
      for (const name of ['info', 'error', 'finish', 'end', 'close']) image.on(name, () => seen.push(name));
      image.resume();
      Readable.from([Buffer.from('plain text')]).pipe(image);
      await once(image, 'close');
      return seen.join();
    }),
    chain('plumbing: pipeline() in and out', async (s, open) => {
      const pieces = [];
      const sink = new Writable({
        highWaterMark: 100,
        write: (piece, _encoding, done) => setTimeout(done, 1, pieces.push(piece)),
      });
      await pipeline(Readable.from([open('photo.jpg', true)]), s().resize(40).png(), sink);
      return Buffer.concat(pieces);
    }),
    chain('plumbing: pipeline() of what is no image', (s) =>
      pipeline(Readable.from([Buffer.from('plain text')]), s().png(), new Writable()),
    ),
    chain('plumbing: a clone of a stream that has ended', async (s, open) => {
      const image = s();
      image.end(open('photo.jpg', true));
      await image.metadata();
      return image.clone().resize(20).png().toBuffer({ resolveWithObject: true });
    }),
    chain('plumbing: two outputs of a stream at once', async (s, open) => {
      const image = s().resize(20).png();
      const both = Promise.all([image.toBuffer(), image.toBuffer()]);
      image.end(open('photo.jpg', true));
      const [one, other] = await both;
      return Promise.resolve(one.equals(other));
    }),
    chain('plumbing: the queue', async (s, open) => {
      const lengths = [];
      const note = (length) => lengths.push(length);
      s.queue.on('change', note);
      await Promise.all([s(open('photo.jpg')).resize(20).toBuffer(), s(open('photo.jpg')).resize(30).toBuffer()]);
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      s.queue.off('change', note);
      return [lengths.length, lengths.at(-1), s.counters()];
    }),
    chain('plumbing: a class of its own', async (s, open) => {
      class Thumb extends s {
        thumb() {
          return this.resize(20);
        }
      }
      const image = new Thumb(open('photo.jpg'));
      const { info } = await image.thumb().png().toBuffer({ resolveWithObject: true });
      return [image instanceof s, info.width];
    }),
    chain('plumbing: a chain is a stream', (s, open) => {
      const image = s(open('photo.jpg'));
      return Promise.resolve([typeof image.pipe, typeof image.write, image instanceof s]);
    }),
  ];
}

export default () => [...plumbing()];
