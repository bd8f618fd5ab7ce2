// Compares keenpix/sharp with sharp: node scripts/conformance.mjs [part of a chain's name] [--verbose] [--avif]
import { run, summary } from '../test/conformance/run.mjs';

const [filter = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const verbose = process.argv.includes('--verbose');

const results = await run({
  filter,
  codecs: process.argv.includes('--avif') ? ['avif'] : [],
  onResult: ({ chain, differences, reason }) => {
    if (differences.length > 0 && verbose)
      console.log(`${chain.name}: ${differences.join('; ')}${reason ? ` (allowed: ${reason})` : ''}`);
  },
});
for (const { chain, differences, reason } of results) {
  if (differences.length > 0 && !reason) console.log(`DIFFERENT ${chain.name}: ${differences.join('; ')}`);
}
const counts = summary(results);
console.log(counts);
process.exitCode = counts.different > 0 ? 1 : 0;
