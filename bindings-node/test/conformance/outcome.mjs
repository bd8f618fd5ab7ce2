// What a chain came to, in either library: an output and its info, or an error and the moment it was thrown.

/** Runs a chain. `make(sharp, open)` gives a chain or a promise of anything; a chain is asked for its buffer. */
export async function outcome(sharp, open, make) {
  const warnings = [];
  let chain;
  try {
    chain = make(sharp, open);
    if (typeof chain?.toBuffer === 'function') {
      chain.on('warning', (text) => warnings.push(text));
      chain = chain.toBuffer({ resolveWithObject: true });
    }
  } catch (error) {
    return { error: error.message, code: error.code, hint: error.hint, moment: 'call' };
  }
  try {
    const value = await chain;
    if (value && Buffer.isBuffer(value.data) && value.info) return { data: value.data, info: value.info, warnings };
    if (Buffer.isBuffer(value)) return { data: value, warnings };
    return { value, warnings };
  } catch (error) {
    return { error: error.message, code: error.code, hint: error.hint, moment: 'run' };
  }
}
