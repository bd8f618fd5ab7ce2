// The images that chains are run on: the core's test images, the photos of the examples, and images made from these.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folders = [join(root, 'core/tests/images'), join(root, 'examples/photos')];

/** An image from one of the two folders; `grey.jpg` is in both, and `photos/grey.jpg` is the large one. */
function find(name) {
  for (const folder of name.startsWith('photos/') ? folders.slice(1) : folders) {
    try {
      const path = join(folder, name.replace('photos/', ''));
      return { path, bytes: readFileSync(path) };
    } catch {
      // in the other one
    }
  }
  throw new Error(`no input ${name}`);
}

const made = new Map();

/** The path of an input, or its bytes; small photos are made from the larger ones. */
export async function opener(oracle) {
  if (made.size === 0) await make(oracle);
  return (name, bytes) => {
    if (made.has(name)) return made.get(name);
    const found = find(name);
    return bytes ? found.bytes : found.path;
  };
}

async function make(oracle) {
  const small = (name, width, height) => oracle(find(name).path).resize(width, height);
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const turned = small('landscape.jpg', 240, 180)
      .withMetadata({ orientation })
      .withIccProfile('srgb', { attach: false });
    made.set(
      `orientation-${orientation}.jpg`,
      await turned.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
    );
  }
  made.set(
    'photo.jpg',
    await small('landscape.jpg', 192, 144).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
  );
  made.set('photo.png', await small('coffee.png', 160, 120).png().toBuffer());
  made.set('photo-alpha.png', await small('bowl-alpha.png', 150, 110).png().toBuffer());
  made.set('alpha-60.png', await small('bowl-alpha.png', 60, 40).png().toBuffer());
  made.set('grey-60.png', await small('grey.png', 60, 40).png().toBuffer());
  const frames = ['#c04020', '#20c040', '#20c040', '#4020c0'].map((background) => ({
    create: { width: 20, height: 12, channels: 3, background },
  }));
  const repeats = oracle(await Promise.all(frames.map((frame) => oracle(frame).png().toBuffer())), {
    join: { animated: true },
  });
  made.set('repeats.gif', await repeats.gif({ delay: [50, 60, 70, 80], keepDuplicateFrames: true }).toBuffer());
  const created = (width, height, background) => oracle({ create: { width, height, channels: 4, background } });
  made.set('tiny', await created(1, 1, '#c04020').removeAlpha().png().toBuffer());
  made.set('tiny-alpha', await created(1, 1, '#c0402080').png().toBuffer());
  made.set('line', await created(100, 1, '#20c040').removeAlpha().png().toBuffer());
}
