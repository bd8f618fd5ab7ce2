// An upload handler: the image in the body of a POST becomes an avatar in the response. Errors are returned as JSON,
// with the status that keenpix suggests.
//
//     npm install && node upload.mjs 8080
//     curl --data-binary @photo.jpg http://127.0.0.1:8080/ > avatar.webp

import { createServer } from 'node:http';
import { KeenpixError, transform } from 'keenpix';

const AVATAR = {
  resize: { width: 256, height: 256, position: 'attention' },
  encode: { format: 'webp', quality: 80 },
};

// The limits of an upload. Memory is per call; as many calls run at a time as there are processors.
const limits = { inputBytes: 25_000_000, pixels: 100_000_000, memory: 200_000_000 };

/** keenpix itself reads the request, within its limits. */
async function avatar(request, signal) {
  return transform(request, AVATAR, { limits, signal, deadline: 10_000 });
}

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return answer(response, 405, 'text/plain', 'POST an image\n');
  if (Number(request.headers['content-length']) > limits.inputBytes) {
    // Too long: refused before any of it is read.
    return answer(response, 413, 'text/plain', `${limits.inputBytes} bytes at most\n`);
  }
  // Stop working for a client that has disconnected.
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
  // The rest of the request is not read, so the connection can't be reused.
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), connection: 'close' });
  response.end(body);
}

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
