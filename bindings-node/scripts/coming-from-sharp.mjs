// Writes COMING-FROM-SHARP.md: node scripts/coming-from-sharp.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { tables } from '../test/sharp/support.mjs';

const page = new URL('../COMING-FROM-SHARP.md', import.meta.url);

const INTRODUCTION = `# Coming from sharp

\`\`\`js
const sharp = require('keenpix/sharp'); // was: require('sharp')
// or: import sharp from 'keenpix/sharp';

await sharp(image).rotate().resize(512, 512).jpeg({ quality: 80 }).toBuffer();
\`\`\`

\`keenpix/sharp\` turns the calls of sharp 0.35 into plans. Whatever it supports has the same defaults, the same fixed order of
operations, the same sizes to the pixel, the same \`info\` and \`metadata()\`, and the same error messages, thrown at the same moment.
Whatever it does not support throws as soon as it is called, and says why: no option is silently ignored.

A test runs more than a thousand chains through sharp and keenpix/sharp and compares dimensions, channels, formats, \`info\`, metadata,
errors and pixels: \`node scripts/conformance.mjs\`. Another does the same with as many random chains as you like:
\`node scripts/random-chains.mjs\`. Intentional differences are listed with their reasons in \`test/conformance/allowed.mjs\` and
\`test/conformance/random/allowed.mjs\`.

## Better

- Node and web streams, Blobs and the \`Body\` of the AWS SDK are inputs: \`sharp(response.Body)\`.
- \`toBuffer({ signal })\` stops the work, and so does \`timeout()\`.
- BMP and ICO are read, and all frames of an animated PNG, as pages.
- A PNG has the colours that a browser shows: \`cICP\`, \`gAMA\` and \`cHRM\` count, which sharp ignores.
- Outputs of \`clone()\`s that are requested together share one decode.
- Errors have a \`code\`, a \`hint\`, \`retryable\` and \`httpStatus\`. The message is sharp's, followed by what was found:
  \`Input buffer contains unsupported image format: input is not an image: it looks like HTML\`.
- One file without dependencies: no libvips, no install script, no platform to choose.

## Method by method

**same**: as in sharp. **better**: does more than sharp. **other**: accepted, but works differently, as the note
describes. **missing**: throws \`… is not supported by keenpix: …\`.
`;

/** The page as it should be, from the list of methods. */
export function generate() {
  const table = ([title, rows]) =>
    [
      `### ${title}`,
      '',
      '| | call | note |',
      '|---|---|---|',
      ...rows.map(({ status, call, note }) => `| ${status} | \`${call.replaceAll('|', '\\|')}\` | ${note} |`),
      '',
    ].join('\n');
  return `${INTRODUCTION}\n${Object.entries(tables).map(table).join('\n')}`;
}

/** The page as committed. */
export const committed = () => readFileSync(page, 'utf8');

if (process.argv[1]?.endsWith('coming-from-sharp.mjs')) writeFileSync(page, generate());
