'use strict';

/** Bytes of a block: what is smaller by half is copied into one, so that the memory follows the bytes. */
const BLOCK = 1 << 16;

/** What has come of a stream. An object for each chunk would take a hundred times the bytes of small ones. */
class Chunks {
  length = 0;
  #parts = [];
  #block = undefined;
  #used = 0;

  push(chunk) {
    this.length += chunk.length;
    if (chunk.length >= BLOCK / 2) {
      this.#close();
      this.#parts.push(chunk);
      return;
    }
    if (this.#used + chunk.length > BLOCK) this.#close();
    this.#block ??= Buffer.allocUnsafeSlow(BLOCK);
    this.#block.set(chunk, this.#used);
    this.#used += chunk.length;
  }

  #close() {
    if (this.#used > 0) this.#parts.push(this.#block.subarray(0, this.#used));
    this.#block = undefined;
    this.#used = 0;
  }

  /** All of them in a row; nothing is copied where one large chunk is all. */
  bytes() {
    this.#close();
    return this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts, this.length);
  }
}

module.exports = { Chunks };
