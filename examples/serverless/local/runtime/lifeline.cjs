'use strict';

// Loaded before a function that the local stack runs: ends the process when the stack is gone, however it went. The
// stack holds the other end of standard input; the runtime client itself would ask a Runtime API that is no longer
// there for ever.
process.stdin
  .on('end', () => process.exit(0))
  .on('error', () => process.exit(0))
  .resume();
