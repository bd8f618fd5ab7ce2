'use strict';

// A chain as a stream: bytes written to it are its input, and its output can be read from it.

const { Chunks } = require('../chunks.cjs');
const { plain } = require('./errors.cjs');

function _write(chunk, _encoding, callback) {
  if (!this._isStreamInput()) return callback(plain('Unexpected data on Writable Stream'));
  if (!Buffer.isBuffer(chunk)) return callback(plain('Non-Buffer data on Writable Stream'));
  this.options.input.buffer.push(chunk);
  return callback();
}

function _flattenBufferIn() {
  if (this._isStreamInput()) this.options.input.buffer = this.options.input.buffer.bytes();
}

function _isStreamInput() {
  return this.options.input.buffer instanceof Chunks;
}

function _whenStreamInFinished(then) {
  if (this.writableFinished) then();
  else this.once('finish', then);
}

/** Resolves when all of the input has been written; at once if the input is not written to the chain. */
function _whenInputIsHere() {
  return new Promise((resolve) => {
    if (!this._isStreamInput()) return resolve();
    return this._whenStreamInFinished(() => {
      this._flattenBufferIn();
      resolve();
    });
  });
}

function _read() {
  if (this.options.streamOut) return;
  this.options.streamOut = true;
  const end = (error, output) => {
    try {
      if (error) {
        this.emit('error', error);
      } else {
        this.emit('info', output.info);
        this.push(output.data);
      }
    } finally {
      // The stream ends even if a listener throws.
      this.push(null);
      this.on('end', () => this.emit('close'));
    }
  };
  // Outside the promise, so that an error event without a listener doesn't become a rejection.
  this._run().then(
    (output) => process.nextTick(end, undefined, output),
    (error) => process.nextTick(end, error),
  );
}

module.exports = { _write, _read, _flattenBufferIn, _isStreamInput, _whenStreamInFinished, _whenInputIsHere };
