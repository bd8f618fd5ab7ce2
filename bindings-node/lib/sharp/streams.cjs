'use strict';

// A chain as a stream: bytes written to it are its input, and its output can be read from it.

const { plain } = require('./errors.cjs');

function _write(chunk, _encoding, callback) {
  if (!this._isStreamInput()) return callback(plain('Unexpected data on Writable Stream'));
  if (!Buffer.isBuffer(chunk)) return callback(plain('Non-Buffer data on Writable Stream'));
  this.options.input.buffer.push(chunk);
  return callback();
}

function _flattenBufferIn() {
  if (this._isStreamInput()) this.options.input.buffer = Buffer.concat(this.options.input.buffer);
}

function _isStreamInput() {
  return Array.isArray(this.options.input.buffer);
}

function _whenStreamInFinished(then) {
  if (this.writableFinished) then();
  else this.once('finish', then);
}

/** Resolves when all of the input has been written, at once if it does not come by writing. */
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
  this._run().then(
    ({ data, info }) => {
      this.emit('info', info);
      this.push(data);
    },
    (error) => this.emit('error', error),
  ).finally(() => {
    // Whatever a listener threw, the stream ends.
    this.push(null);
    this.on('end', () => this.emit('close'));
  });
}

module.exports = { _write, _read, _flattenBufferIn, _isStreamInput, _whenStreamInFinished, _whenInputIsHere };
