// What a million avatars cost apart from computing, as a table: node bench/prices.mjs
// Prices of us-east-1, in dollars. A test compares the table with DEPLOY.md.

/** For a million requests, or invalidated paths beyond the first 1,000 of a month. */
const PUT = 5;
const GET = 0.4; // and HEAD
const INVOCATION = 0.2;
const API = 1;
const PATH = 5000;
const GB_SECOND = 0.0000166667;

/** The requests of an avatar of some sizes: `{ puts, gets, waves, paths }`. */
export function requests(sizes, { replaces, stable }) {
  return {
    // The upload, the sizes, the status.
    puts: 1 + sizes + 1,
    // The photo, the status, and the photo's HEAD at the end; before something is replaced, the sizes.
    gets: 3 + (replaces ? sizes : 0) + (stable ? 1 : 0),
    // One after the other; the sizes are looked at while the new ones are computed.
    waves: 4,
    paths: stable && replaces ? 1 : 0,
  };
}

/** Dollars for a million of them. */
export function price(sizes, options) {
  const { puts, gets, paths } = requests(sizes, options);
  // Presign and authorizer; invalidate.
  const invocations = 2 + (options.stable ? 1 : 0);
  const parts = { s3: puts * PUT + gets * GET, api: API + invocations * INVOCATION, invalidation: paths * PATH };
  return { ...parts, total: parts.s3 + parts.api + parts.invalidation };
}

/** Dollars that a million functions wait for, at some milliseconds a request. */
export function waiting(milliseconds, memory) {
  return ((requests(4, {}).waves * milliseconds) / 1000) * (memory / 1024) * GB_SECOND * 1e6;
}

export function table() {
  const dollars = (value) =>
    `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const rows = [
    ['content in the name, first upload', {}],
    ['content in the name, replacement', { replaces: true }],
    ['names that stay, first upload', { stable: true }],
    ['names that stay, replacement', { stable: true, replaces: true }],
  ].map(([name, options]) => {
    const { puts, gets, paths } = requests(4, options);
    const { s3, api, invalidation, total } = price(4, options);
    return [
      name,
      `${puts} + ${gets}`,
      dollars(s3),
      dollars(api),
      `${paths}`,
      dollars(invalidation),
      `**${dollars(total)}**`,
    ];
  });
  const head = [
    'a million avatars in four sizes',
    'PUT + GET each',
    'S3',
    'API',
    'paths each',
    'invalidations',
    'together',
  ];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n').replaceAll('| --- ', '|---').replaceAll('---|', '---|').replaceAll('--- |', '---|');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  console.log(table());
  for (const memory of [1024, 256])
    console.log(`waiting, 10 ms a request, ${memory} MB: $${waiting(10, memory).toFixed(2)}`);
}
