// A function to be bundled for Lambda.
import { transform } from 'keenpix';

export async function handler(event) {
  const { bytes, mediaType } = await transform(Buffer.from(event.body, 'base64'), {
    resize: { width: 16, height: 16 },
    encode: { format: 'jpeg' },
  });
  return { headers: { 'content-type': mediaType }, body: bytes.toString('base64'), isBase64Encoded: true };
}
