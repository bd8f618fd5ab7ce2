'use strict';

// Explains why no binary could be loaded. Only loaded when that happens.

// A bundle in ESM has no `require`; older versions of Node have no `getBuiltinModule`.
const builtin = process.getBuiltinModule;
const { existsSync, readFileSync, readdirSync } = builtin ? builtin('node:fs') : require('node:fs');
const { join } = builtin ? builtin('node:path') : require('node:path');
const { KeenpixError } = require('./error.cjs');

const NODE = 20;
const GLIBC = '2.17';
/** The published binaries: in this package, or each in a package of its own. */
const INSIDE = ['linux-x64-gnu', 'linux-arm64-gnu'];
const APART = ['linux-x64-musl', 'linux-arm64-musl', 'darwin-arm64', 'darwin-x64', 'win32-x64-msvc'];

/** The package's folder; undefined in a bundle in ESM, which has no `__dirname`. */
const ROOT = typeof __dirname === 'undefined' ? undefined : join(__dirname, '..');

/** The name of the binary that this process needs, such as `linux-x64-gnu`. */
function name() {
  const { platform, arch } = process;
  if (platform === 'linux') return `linux-${arch}-${glibc() === undefined ? 'musl' : 'gnu'}`;
  if (platform === 'win32') return `win32-${arch}-msvc`;
  return `${platform}-${arch}`;
}

/** An error that says what was found, what is needed, and how to fix it. */
function loadError(causes, root = ROOT) {
  const wanted = name();
  const files = root === undefined ? [] : binaries(root);
  const [needed, fix] = advice(wanted, root, files);
  const message = [
    `keenpix can't load its native part on ${wanted}: ${needed}`,
    `  found: ${found(files)}, in ${root ?? 'a bundle'}`,
    ...causes.map((cause) => `  tried: ${firstLine(cause)}`),
    `  fix: ${fix}`,
  ].join('\n');
  return new KeenpixError({ code: 'LOAD', message, hint: fix, retryable: false, httpStatus: 500 }, causes[0]);
}

function advice(wanted, root, files) {
  if (Number(process.versions.node.split('.')[0]) < NODE) {
    return [`Node ${NODE} or newer is needed.`, `install Node ${NODE} or newer, for example with: nvm install ${NODE}`];
  }
  const version = versionOf(root);
  if (INSIDE.includes(wanted)) {
    const file = `keenpix.${wanted}.node`;
    const libc = glibc();
    if (libc !== undefined && older(libc, GLIBC)) {
      return [
        `glibc ${GLIBC} or newer is needed.`,
        'use a system from 2014 or later, for example: docker run node:22-bookworm-slim',
      ];
    }
    if (version === undefined) {
      return [
        `${file} must be next to the bundled code, but the bundler left it out.`,
        `esbuild ${root === undefined ? '--format=cjs ' : ''}--loader:.node=copy (or keep the package out of the bundle: --external:keenpix)`,
      ];
    }
    const state = files.includes(file) ? 'is there, but damaged or for another system' : 'is missing';
    return [`${file} ${state}.`, `npm install --force keenpix@${version}`];
  }
  if (APART.includes(wanted)) {
    const at = version === undefined ? '' : `@${version}`;
    return [`the package @keenpix/${wanted} is needed.`, `npm install @keenpix/${wanted}${at}`];
  }
  return [
    'no binary is published for it; build it from source.',
    'git clone https://github.com/keenpix/keenpix && cd keenpix && make node',
  ];
}

function found(files) {
  const libc = process.platform === 'linux' ? `, glibc ${glibc() ?? 'none'}` : '';
  return `${process.platform} ${process.arch}${libc}, Node ${process.versions.node}, ${files.join(', ') || 'no *.node files'}`;
}

/** The version of glibc; undefined without glibc. */
function glibc() {
  // Leaves out the open handles, whose host names can take seconds to look up.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime;
}

function older(version, than) {
  const [[a, b], [c, d]] = [version, than].map((text) => text.split('.').map(Number));
  return a < c || (a === c && b < d);
}

function binaries(root) {
  try {
    return readdirSync(root).filter((file) => file.endsWith('.node'));
  } catch {
    return [];
  }
}

/** The version of the package that this file belongs to; undefined if it was bundled into something else. */
function versionOf(root) {
  if (root === undefined) return undefined;
  const file = join(root, 'package.json');
  if (!existsSync(file)) return undefined;
  const { name, version } = JSON.parse(readFileSync(file, 'utf8'));
  return name === 'keenpix' ? version : undefined;
}

function firstLine(error) {
  return String(error?.message ?? error).split('\n')[0];
}

module.exports = { name, loadError };
