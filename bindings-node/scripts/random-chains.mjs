// Compares keenpix/sharp with sharp on random chains:
// node scripts/random-chains.mjs [--runs 2000] [--seed 1] [--from 0] [--input photo.jpg] [--verbose]
// A chain whose results differ is reported with its number: --seed, --from and --runs 1 run it again.
import { parseArgs } from 'node:util';
import { counts, reasons, runRandom } from '../test/conformance/random/run.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    input: { type: 'string' },
    verbose: { type: 'boolean' },
  },
});

const results = await runRandom({
  seed: Number(values.seed),
  runs: Number(values.runs),
  from: Number(values.from),
  only: values.input,
  onResult: ({ chain, differences, unmeant, ours, theirs }) => {
    if (unmeant.length > 0)
      console.log(`DIFFERENT --seed ${chain.seed} --from ${chain.at}: ${chain.name}\n    ${unmeant.join('\n    ')}`);
    else if (values.verbose)
      console.log(
        `${chain.at}: ${chain.name}: ${differences.length > 0 ? `allowed: ${differences.join('; ')}` : (ours.error ?? `same${theirs.info ? `, ${theirs.info.format} ${theirs.info.width}×${theirs.info.height}` : ''}`)}`,
      );
  },
});
console.table(counts(results));
for (const [reason, times] of Object.entries(reasons(results))) console.log(`allowed ${times} times: ${reason}`);
process.exitCode = results.some(({ unmeant }) => unmeant.length > 0) ? 1 : 0;
