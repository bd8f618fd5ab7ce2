'use strict';

const { createHash } = require('node:crypto');

/** 32 hexadecimal digits of the SHA-256 of some texts and their lengths, so that the boundaries between them count. */
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
