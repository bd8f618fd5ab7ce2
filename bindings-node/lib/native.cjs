'use strict';

// The binary for this platform. Each path is a literal, so that bundlers and tracers find it, and in a `try`, so that
// they accept one that is not installed. Nothing else is loaded unless this fails.

const causes = [];
let native;

switch (`${process.platform}-${process.arch}`) {
  case 'linux-x64':
    try {
      native = require('../keenpix.linux-x64-gnu.node');
    } catch (error) {
      causes.push(error);
      try {
        native = require('@keenpix/linux-x64-musl');
      } catch (error) {
        causes.push(error);
      }
    }
    break;
  case 'linux-arm64':
    try {
      native = require('../keenpix.linux-arm64-gnu.node');
    } catch (error) {
      causes.push(error);
      try {
        native = require('@keenpix/linux-arm64-musl');
      } catch (error) {
        causes.push(error);
      }
    }
    break;
  case 'darwin-arm64':
    try {
      native = require('@keenpix/darwin-arm64');
    } catch (error) {
      causes.push(error);
    }
    break;
  case 'darwin-x64':
    try {
      native = require('@keenpix/darwin-x64');
    } catch (error) {
      causes.push(error);
    }
    break;
  case 'win32-x64':
    try {
      native = require('@keenpix/win32-x64-msvc');
    } catch (error) {
      causes.push(error);
    }
    break;
}

// A build from source, on a platform for which no binary is published.
if (native === undefined) {
  try {
    native = require('../keenpix.local.node');
  } catch {}
}

// Some bundlers' settings give the binary's path instead of loading it, such as esbuild's loader `file`.
if (typeof native === 'string') {
  causes.push(new Error(`the bundler gives the binary's path, ${native}, instead of loading it`));
  native = undefined;
}

if (native === undefined) throw require('./platform.cjs').loadError(causes);

module.exports = native;
