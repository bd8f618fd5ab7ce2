// An upload handler: an image in the body of a POST becomes an avatar in the answer. Whatever is wrong with the image is
// answered in JSON, with the status that keenpix gives.
//
//     npm install && node upload.mjs 8080
//     curl --data-binary @photo.jpg http://127.0.0.1:8080/ > avatar.webp

import { createServer } from 'node:http';
import { KeenpixError, transform } from 'keenpix';

const AVATAR = {
  resize: { width: 256, height: 256, position: 'attention' },
  encode: { format: 'webp', quality: 80 },
};

// What an upload may cost. Memory is for each call: as many of them run at a time as there are processors.
const limits = { inputBytes: 25_000_000, pixels: 100_000_000, memory: 200_000_000 };

/** The request is read by keenpix itself, and no further than its limits go. */
async function avatar(request, signal) {
  return transform(request, AVATAR, { limits, signal, deadline: 10_000 });
}

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return answer(response, 405, 'text/plain', 'POST an image\n');
  if (Number(request.headers['content-length']) > limits.inputBytes) {
    // Refused by its length, before a byte of it is read.
    return answer(response, 413, 'text/plain', `${limits.inputBytes} bytes at most\n`);
  }
  // Nobody waits for the picture of a client that has left.
  const left = new AbortController();
  response.on('close', () => left.abort());
  try {
    const image = await avatar(request, left.signal);
    answer(response, 200, image.mediaType, image.bytes);
  } catch (error) {
    if (left.signal.aborted) return;
    const { code, hint, httpStatus } =
      error instanceof KeenpixError ? error : { code: 'INTERNAL', hint: '', httpStatus: 500 };
    if (httpStatus >= 500) console.error(error);
    answer(response, httpStatus, 'application/json', JSON.stringify({ code, hint }));
  }
});

function answer(response, status, type, body) {
  // What is left of the request is not read: the connection can't be used again.
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), connection: 'close' });
  response.end(body);
}

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
