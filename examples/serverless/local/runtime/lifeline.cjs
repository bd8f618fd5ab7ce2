'use strict';

// Loaded before each function that the local stack runs: ends the process when the stack is gone, however it ended. The
// stack holds the other end of standard input; the runtime client itself would poll the missing Runtime API forever.
process.stdin
  .on('end', () => process.exit(0))
  .on('error', () => process.exit(0))
  .resume();
