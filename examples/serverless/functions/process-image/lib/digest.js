'use strict';

const { createHash } = require('node:crypto');

/** 32 hexadecimal digits of the SHA-256 of some texts, with their lengths: so the border between two texts counts. */
function digest(texts) {
  const sha = createHash('sha256');
  for (const text of texts) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(Buffer.byteLength(text)));
    sha.update(length).update(text);
  }
  return sha.digest('hex').slice(0, 32);
}

module.exports = { digest };
