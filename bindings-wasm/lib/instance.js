import { badArgument, callOptions, KeenpixError, kind, planText } from './shared.js';

/** Memory only grows: an instance that has more than this is not kept for the next call. */
const KEPT = 64 << 20;

/** The functions of the package, on a module that `load` returns (or promises): it is called once it is needed. */
export function keenpix(load) {
  let compiled;
  let kept;

  async function instance() {
    compiled ??= Promise.resolve().then(load);
    let module;
    try {
      module = await compiled;
    } catch (cause) {
      compiled = undefined;
      throw new KeenpixError(
        {
          code: 'LOAD',
          message: `keenpix.wasm can't be loaded: ${cause?.message ?? cause}`,
          hint: 'It belongs beside the script. A bundler must copy it, and a server must serve it: see the README.',
          retryable: false,
          httpStatus: 500,
        },
        cause,
      );
    }
    if (kept === undefined) {
      const made = { panic: undefined, exports: undefined };
      const panicked = (text, length) => {
        made.panic = decode(made.exports, text, length);
      };
      made.exports = (await WebAssembly.instantiate(module, { keenpix: { panicked } })).exports;
      made.exports.start();
      // Another call may have made one in the meantime.
      kept ??= made;
    }
    return kept;
  }

  /** Calls one of the module's functions. There is no `await` in here, and so one call at a time. */
  function call(made, name, ...blocks) {
    const { exports } = made;
    try {
      const given = blocks.map((block) => [place(exports, block), block.length]);
      const at = exports[name](...given.flat());
      const length = exports.answer_length();
      const worked = new Uint8Array(exports.memory.buffer, at, 1)[0] === 1;
      const textLength = new DataView(exports.memory.buffer, at + 1, 4).getUint32(0, true);
      const facts = JSON.parse(decode(exports, at + 5, textLength));
      const bytes = new Uint8Array(exports.memory.buffer, at + 5 + textLength, length - 5 - textLength).slice();
      exports.release();
      for (const [pointer, size] of given) exports.free(pointer, size);
      if (!worked) throw new KeenpixError(facts);
      if (exports.memory.buffer.byteLength > KEPT) kept = undefined;
      return { facts, bytes };
    } catch (error) {
      if (error instanceof KeenpixError && error.code !== 'OUT_OF_MEMORY') throw error;
      // What a trap leaves behind can't be used again.
      kept = undefined;
      throw error instanceof KeenpixError ? error : trapped(made.panic, error);
    }
  }

  async function transform(input, plan, options = {}) {
    const text = utf8(planText(plan));
    const limits = utf8(hostLimits(options));
    const bytes = await bytesOf(input);
    const { facts, bytes: file } = call(await instance(), 'transform', bytes, text, limits);
    const { mediaType, extension, ...rest } = facts;
    return { bytes: file, ...rest, mediaType, extension };
  }

  async function probe(input) {
    const bytes = await bytesOf(input);
    return call(await instance(), 'probe', bytes).facts;
  }

  return { transform, probe };
}

function hostLimits(options) {
  const { limits, signal, deadline } = callOptions(options);
  if (signal !== undefined || deadline !== undefined) {
    throw badArgument(
      `${signal === undefined ? 'deadline' : 'signal'} can't be used: WebAssembly is not interrupted`,
      'Call keenpix-wasm in a worker, and terminate the worker to stop it.',
    );
  }
  return limits;
}

async function bytesOf(input) {
  if (input instanceof Uint8Array) return input;
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (typeof Blob !== 'undefined' && input instanceof Blob) return new Uint8Array(await input.arrayBuffer());
  throw badArgument(
    `the input must be bytes or a Blob, not ${kind(input)}`,
    'Pass a Uint8Array, an ArrayBuffer, a Blob or a File.',
  );
}

function place(exports, block) {
  const pointer = exports.alloc(block.length);
  if (pointer === 0) {
    throw new KeenpixError({
      code: 'OUT_OF_MEMORY',
      message: `out of memory: ${block.length} bytes for the input`,
      hint: 'Give the process more memory, or run fewer calls at a time.',
      retryable: true,
      httpStatus: 503,
    });
  }
  new Uint8Array(exports.memory.buffer, pointer, block.length).set(block);
  return pointer;
}

function trapped(panic, cause) {
  return new KeenpixError(
    {
      code: 'INTERNAL',
      message: `internal error in WebAssembly: ${panic ?? cause?.message ?? cause}`,
      hint: 'A bug in keenpix or in a codec, or too little memory: please report it with the file.',
      retryable: false,
      httpStatus: 500,
    },
    cause,
  );
}

const utf8 = (text) => new TextEncoder().encode(text);

const decode = (exports, at, length) => new TextDecoder().decode(new Uint8Array(exports.memory.buffer, at, length));
