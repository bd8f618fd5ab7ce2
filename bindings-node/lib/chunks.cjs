'use strict';

/** Bytes of a block. Chunks smaller than half of it are copied into one, so that memory follows the bytes. */
const BLOCK = 1 << 16;

/** The bytes received from a stream. An object for each chunk would take a hundred times the bytes of small ones. */
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

  /** All bytes in one array; a single large chunk is not copied. */
  bytes() {
    this.#close();
    return this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts, this.length);
  }
}

module.exports = { Chunks };
