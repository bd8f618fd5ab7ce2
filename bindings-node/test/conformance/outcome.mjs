// The outcome of a chain in either library: an output and its info, or an error and when it was thrown.

/** Runs a chain. `make(sharp, open)` returns a chain, whose output is a buffer, or a promise of anything. */
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
