'use strict';

// Which binary this process needs, and what there is to say when it is missing.

/** The name of the platform's binary, such as `linux-x64-gnu`. */
function name() {
  const { platform, arch } = process;
  if (platform === 'linux') return `linux-${arch}-${glibc() === undefined ? 'musl' : 'gnu'}`;
  if (platform === 'win32') return `win32-${arch}-msvc`;
  return `${platform}-${arch}`;
}

/** The version of glibc, or undefined where there is none: on musl, on other systems. Takes milliseconds: not for the way that works. */
function glibc() {
  // Without the list of open handles, whose host names may take seconds to look up.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime;
}

module.exports = { name, glibc };
