// Sizes, positions, rotations, crops and borders, and the searches for what to keep.

import { chain, gravities, lossless } from './common.mjs';

const fits = ['cover', 'contain', 'fill', 'inside', 'outside'];
const positions = ['top', 'right top', 'right', 'right bottom', 'bottom', 'left bottom', 'left', 'left top'];

function sizes() {
  const boxes = [
    [80, 80],
    [60, 120],
    [400, 300],
    [192, 144],
    [20, 6],
    [undefined, 66],
    [95, undefined],
    [3, 3],
  ];
  const options = [{}, { withoutEnlargement: true }, { withoutReduction: true }];
  const list = [];
  for (const fit of fits) {
    for (const [width, height] of boxes) {
      for (const option of options) {
        list.push(
          chain(`size: ${width}×${height} ${fit} ${Object.keys(option)}`, (s, open) =>
            lossless(s(open('photo.jpg')).resize({ width, height, fit, ...option })),
          ),
        );
      }
    }
  }
  const round = [
    [40, 18],
    [40, 22],
    [100, 25],
    [400, 1],
    [41, 21],
    [7, 5],
  ];
  for (const [width, height] of round) {
    for (const fit of ['inside', 'outside', 'cover', 'contain']) {
      list.push(
        chain(`rounding: ${width}×${height} ${fit}`, (s) =>
          lossless(
            s({ create: { width, height, channels: 3, background: 'teal' } }).resize({
              width: 10,
              height: fit === 'cover' ? undefined : 10,
              fit,
            }),
          ),
        ),
      );
    }
  }
  for (const kernel of ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']) {
    list.push(
      chain(`kernel: ${kernel} down`, (s, open) =>
        lossless(s(open('photo.png')).resize({ width: 31, kernel, fastShrinkOnLoad: false })),
      ),
    );
    list.push(
      chain(`kernel: ${kernel} up`, (s, open) => lossless(s(open('photo.png')).resize({ width: 350, kernel }))),
    );
  }
  list.push(chain('resize: last wins', (s, open) => lossless(s(open('photo.jpg')).resize(10).resize(5, 5))));
  list.push(
    chain('resize: options after a width', (s, open) =>
      lossless(s(open('photo.jpg')).resize(56).resize({ height: 36 })),
    ),
  );
  list.push(chain('resize: null width', (s, open) => lossless(s(open('photo.jpg')).resize(null, 10))));
  list.push(chain('resize: empty options', (s, open) => lossless(s(open('photo.jpg')).resize({}))));
  list.push(
    chain('resize: no fast shrink', (s, open) =>
      lossless(s(open('landscape.jpg')).resize(100, 100, { fastShrinkOnLoad: false })),
    ),
  );
  return list;
}

function places() {
  const list = [];
  for (const position of [...gravities, ...positions]) {
    list.push(
      chain(`place: cover ${position}`, (s, open) => lossless(s(open('photo.jpg')).resize(66, 120, { position }))),
    );
    list.push(
      chain(`place: contain ${position}`, (s, open) =>
        lossless(s(open('photo.jpg')).resize(101, 180, { fit: 'contain', position, background: 'rgb(200, 30, 60)' })),
      ),
    );
  }
  for (const position of [0, 1, 4, 8]) {
    list.push(
      chain(`place: number ${position}`, (s, open) => lossless(s(open('photo.jpg')).resize(66, 120, { position }))),
    );
  }
  list.push(
    chain('place: contain ignores entropy', (s, open) =>
      lossless(s(open('photo.jpg')).resize(66, 120, { fit: 'contain', position: 'entropy' })),
    ),
  );
  return list;
}

function turns() {
  const list = [];
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const file = `orientation-${orientation}.jpg`;
    list.push(
      chain(`turn: ${orientation}, tag dropped`, (s, open) => lossless(s(open(file)).resize(48))),
      chain(`turn: ${orientation}, rotate()`, (s, open) => lossless(s(open(file)).rotate().resize(48))),
      chain(`turn: ${orientation}, autoOrient option`, (s, open) =>
        lossless(s(open(file), { autoOrient: true }).resize(50, 83)),
      ),
      chain(`turn: ${orientation}, autoOrient and extract`, (s, open) =>
        lossless(s(open(file)).autoOrient().extract({ left: 3, top: 5, width: 40, height: 30 })),
      ),
      chain(`turn: ${orientation}, extract then autoOrient`, (s, open) =>
        lossless(s(open(file)).extract({ left: 3, top: 5, width: 40, height: 30 }).autoOrient()),
      ),
      chain(`turn: ${orientation}, autoOrient, flip, rotate(90)`, (s, open) =>
        lossless(s(open(file)).autoOrient().flip().rotate(90)),
      ),
      chain(`turn: ${orientation}, autoOrient, rotate(270), resize`, (s, open) =>
        lossless(s(open(file)).autoOrient().rotate(270).resize(75, 50)),
      ),
      chain(`turn: ${orientation}, resize, rotate(90), autoOrient`, (s, open) =>
        lossless(s(open(file)).resize(75, 50).rotate(90).autoOrient()),
      ),
      chain(`turn: ${orientation}, autoOrient, trim`, (s, open) =>
        lossless(s(open(file)).autoOrient().trim({ threshold: 60 })),
      ),
    );
  }
  for (const angle of [90, 180, 270, -90, 360, 450]) {
    list.push(
      chain(`turn: rotate(${angle})`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle))),
      chain(`turn: rotate(${angle}) then resize`, (s, open) =>
        lossless(s(open('photo.jpg')).rotate(angle).resize(20, 10)),
      ),
      chain(`turn: resize then rotate(${angle})`, (s, open) =>
        lossless(s(open('photo.jpg')).resize(20, 10).rotate(angle)),
      ),
      chain(`turn: resize(20) then rotate(${angle})`, (s, open) =>
        lossless(s(open('photo.jpg')).resize(20).rotate(angle)),
      ),
      chain(`turn: contain then rotate(${angle})`, (s, open) =>
        lossless(s(open('photo.jpg')).resize(20, 50, { fit: 'contain' }).rotate(angle)),
      ),
      chain(`turn: extract then rotate(${angle})`, (s, open) =>
        lossless(s(open('photo.jpg')).extract({ left: 10, top: 5, width: 50, height: 20 }).rotate(angle)),
      ),
      chain(`turn: rotate(${angle}) then extract`, (s, open) =>
        lossless(s(open('photo.jpg')).rotate(angle).extract({ left: 10, top: 5, width: 50, height: 20 })),
      ),
      chain(`turn: rotate(${angle}), flip, flop, resize`, (s, open) =>
        lossless(s(open('photo.jpg')).rotate(angle).flip().flop().resize(33, 15)),
      ),
    );
  }
  for (const angle of [30, -45, 12.5]) {
    list.push(
      chain(`turn: by ${angle}`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle))),
      chain(`turn: by ${angle} on a colour`, (s, open) =>
        lossless(s(open('photo.jpg')).rotate(angle, { background: 'orange' })),
      ),
      chain(`turn: by ${angle} on nothing`, (s, open) =>
        lossless(s(open('photo.jpg')).rotate(angle, { background: '#0000' })),
      ),
      chain(`turn: by ${angle} then resize`, (s, open) => lossless(s(open('photo.jpg')).rotate(angle).resize(40))),
      chain(`turn: resize then by ${angle}`, (s, open) => lossless(s(open('photo.jpg')).resize(40).rotate(angle))),
    );
  }
  list.push(
    chain('turn: flip', (s, open) => lossless(s(open('photo.jpg')).flip())),
    chain('turn: flop', (s, open) => lossless(s(open('photo.jpg')).flop())),
    chain('turn: flip(false)', (s, open) => lossless(s(open('photo.jpg')).flip(false))),
    chain('turn: flip, flop, resize', (s, open) =>
      lossless(s(open('photo.jpg')).flip().flop().resize(31, 31, { position: 'northeast' })),
    ),
    chain('turn: flop after extract', (s, open) =>
      lossless(s(open('photo.jpg')).extract({ left: 5, top: 6, width: 30, height: 20 }).flop().flip()),
    ),
    chain('turn: the last rotate wins', (s, open) => lossless(s(open('photo.jpg')).rotate(45).rotate(90))),
    chain('turn: 41×21, resize(20, 10).rotate(90)', (s) =>
      lossless(
        s({ create: { width: 41, height: 21, channels: 3, background: 'red' } })
          .resize(20, 10)
          .rotate(90),
      ),
    ),
    chain('turn: 41×21, rotate(90).resize(20, 10)', (s) =>
      lossless(
        s({ create: { width: 41, height: 21, channels: 3, background: 'red' } })
          .rotate(90)
          .resize(20, 10),
      ),
    ),
  );
  return list;
}

function extracts() {
  const area = { left: 12, top: 7, width: 40, height: 31 };
  return [
    chain('extract: before', (s, open) => lossless(s(open('photo.jpg')).extract(area))),
    chain('extract: before and resize', (s, open) => lossless(s(open('photo.jpg')).extract(area).resize(20, 20))),
    chain('extract: after', (s, open) =>
      lossless(s(open('photo.jpg')).resize(60).extract({ left: 5, top: 5, width: 20, height: 10 })),
    ),
    chain('extract: twice', (s, open) =>
      lossless(s(open('photo.jpg')).extract(area).extract({ left: 2, top: 2, width: 10, height: 9 })),
    ),
    chain('extract: before and after', (s, open) =>
      lossless(s(open('photo.jpg')).extract(area).resize(30).extract({ left: 2, top: 2, width: 10, height: 9 })),
    ),
    chain('extract: all', (s, open) =>
      lossless(s(open('photo.jpg')).extract({ left: 0, top: 0, width: 192, height: 144 })),
    ),
    chain('extend: number', (s, open) => lossless(s(open('photo.jpg')).extend(7))),
    chain('extend: sides', (s, open) =>
      lossless(s(open('photo.jpg')).extend({ top: 3, left: 9, bottom: 1, right: 4, background: 'blue' })),
    ),
    chain('extend: on nothing', (s, open) =>
      lossless(s(open('photo.jpg')).extend({ top: 3, left: 9, background: 'rgba(0, 0, 0, 0)' })),
    ),
    chain('extend: half transparent', (s, open) =>
      lossless(s(open('photo-alpha.png')).extend({ top: 3, left: 9, background: '#ff000080' })),
    ),
    ...['copy', 'repeat', 'mirror', 'background'].map((extendWith) =>
      chain(`extend: ${extendWith}`, (s, open) =>
        lossless(s(open('photo.jpg')).extend({ top: 13, left: 19, bottom: 11, right: 14, extendWith })),
      ),
    ),
    chain('extend: after resize', (s, open) =>
      lossless(s(open('photo.jpg')).resize(30).extend({ top: 10, bottom: 10 })),
    ),
    chain('extend: grey', (s, open) =>
      lossless(s(open('grey.jpg')).extend({ top: 10, bottom: 10, background: '#c08040' })),
    ),
    chain('extend: nothing', (s, open) => lossless(s(open('photo.jpg')).extend({}))),
    ...['transparent-colour.png', 'photo-alpha.png', 'lines.png', 'art.png', 'scene.png'].flatMap((file) => [
      chain(`trim: ${file}`, (s, open) => lossless(s(open(file)).trim())),
      chain(`trim: ${file} with a threshold`, (s, open) => lossless(s(open(file)).trim({ threshold: 40 }))),
    ]),
    ...[{}, { background: '#336699' }, { margin: 4 }, { lineArt: true }, { background: 'white', threshold: 5 }].map(
      (options) =>
        chain(`trim: border ${JSON.stringify(options)}`, async (s, open) => {
          const framed = await s(open('photo.png'))
            .extend({ top: 9, left: 5, right: 12, bottom: 3, background: '#336699' })
            .png()
            .toBuffer();
          return s(framed).trim(options).png().toBuffer({ resolveWithObject: true });
        }),
    ),
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
      return s(framed)
        .trim()
        .extract({ left: 3, top: 4, width: 40, height: 30 })
        .resize(20)
        .png()
        .toBuffer({ resolveWithObject: true });
    }),
  ];
}

function searches() {
  const photos = [
    'landscape.jpg',
    'coffee.png',
    'fig-adobe-rgb.jpg',
    'brushes-display-p3.jpg',
    'progressive.jpg',
    'portrait-orientation-8.jpg',
    'stream.webp',
    'cat-lossless.webp',
    'bowl-alpha.png',
    'swapped-profile.jpg',
  ];
  const list = [];
  for (const file of photos) {
    for (const position of ['entropy', 'attention']) {
      for (const [width, height] of [
        [100, 200],
        [200, 80],
      ]) {
        list.push(
          chain(
            `search: ${position} ${width}×${height} ${file}`,
            (s, open) => lossless(s(open(file)).resize(width, height, { position })),
            {
              search: position,
              side: Math.max(width, height),
              loose: {
                cropOffsetLeft: width * 0.05,
                cropOffsetTop: height * 0.05,
                attentionX: Infinity,
                attentionY: Infinity,
              },
              tolerance: Infinity,
            },
          ),
        );
      }
    }
  }
  return list;
}

export default () => [...sizes(), ...places(), ...turns(), ...extracts(), ...searches()];
