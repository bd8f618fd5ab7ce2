// A filter: an image of unknown origin on standard input becomes a thumbnail on standard output, within limits of size,
// memory and time. Any readable stream works: a file, the body of a fetch response, the Body of an S3 object.
//
//     npm install && curl -s https://example.com/photo.jpg | node stream.mjs > thumbnail.webp

import { KeenpixError, transform } from 'keenpix';

const PLAN = {
  resize: { width: 240, height: 240, position: 'attention' },
  encode: { format: 'webp', quality: 75 },
};

try {
  const image = await transform(process.stdin, PLAN, {
    limits: { inputBytes: 25_000_000, pixels: 100_000_000, memory: 200_000_000 },
    // From the start of the call to its end, including reading the stream.
    deadline: 10_000,
  });
  process.stdout.write(image.bytes);
} catch (error) {
  if (!(error instanceof KeenpixError)) throw error;
  console.error(`${error.message} (${error.code}). ${error.hint}`);
  process.exitCode = 1;
}
