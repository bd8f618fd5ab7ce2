// Compares two outcomes: a list of the differences, in words.

/** The mean difference of pixels, in levels, up to which they count as equal. */
export const TOLERANCE = 1.5;

/**
 * Compares keenpix's outcome with sharp's. `oracle` is sharp, which decodes both. `loose` has the differences allowed
 * in numbers that depend on pixels. Raw pixels with `alpha` are weighted by it.
 */
export async function compare(oracle, ours, theirs, { tolerance = TOLERANCE, loose = {}, raw, alpha } = {}) {
  if (theirs.error !== undefined || ours.error !== undefined) return compareErrors(ours, theirs);
  const differences = [];
  if (theirs.value !== undefined) differences.push(...compareValues('', ours.value, theirs.value, loose));
  if (theirs.info) differences.push(...compareValues('info.', ours.info, theirs.info, { size: Infinity, ...loose }));
  if (!theirs.data || differences.some((text) => /info\.(width|height|channels|format)/.test(text))) return differences;
  if (theirs.info?.format === 'raw' || raw) {
    differences.push(...comparePixels(ours.data, theirs.data, tolerance, alpha));
  } else {
    differences.push(...(await compareFiles(oracle, ours.data, theirs.data, tolerance, loose)));
  }
  return differences;
}

function compareErrors(ours, theirs) {
  if (theirs.error === undefined) return [`throws at ${ours.moment}: ${ours.error}`];
  if (ours.error === undefined) return [`does not throw: ${firstLine(theirs.error)}`];
  const differences = [];
  const sentence = firstLine(theirs.error);
  if (!ours.error.startsWith(sentence)) differences.push(`error: ${firstLine(ours.error)} ≠ ${sentence}`);
  if (ours.moment !== theirs.moment) differences.push(`thrown at ${ours.moment} ≠ ${theirs.moment}`);
  if (!ours.code) differences.push('error has no code');
  return differences;
}

const firstLine = (text) => text.split('\n', 1)[0];

function compareValues(prefix, ours, theirs, loose) {
  if (Buffer.isBuffer(theirs)) {
    return Buffer.isBuffer(ours) && ours.equals(theirs)
      ? []
      : [`${prefix}bytes: ${ours?.length} ≠ ${theirs.length} or other bytes`];
  }
  if (theirs === null || typeof theirs !== 'object') {
    return ours === theirs ? [] : [`${prefix.replace(/\.$/, '')}: ${ours} ≠ ${theirs}`];
  }
  const keys = new Set([...Object.keys(theirs), ...Object.keys(ours ?? {})]);
  return [...keys].flatMap((key) => {
    const [a, b] = [ours?.[key], theirs[key]];
    if (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= (loose[key] ?? 0)) return [];
    return compareValues(`${prefix}${key}.`, a, b, loose);
  });
}

/** Compares the metadata that a caller may look at, and the pixels of all frames. */
async function compareFiles(oracle, ours, theirs, tolerance, loose) {
  const [a, b] = await Promise.all([ours, theirs].map((data) => oracle(data, { failOn: 'none' }).metadata()));
  const told = [
    'format',
    'width',
    'height',
    'channels',
    'hasAlpha',
    'chromaSubsampling',
    'isProgressive',
    'isPalette',
    'pages',
    'loop',
    'delay',
    'orientation',
    'density',
    'hasProfile',
    'space',
  ];
  // libvips assumes 72 dots per inch.
  const pick = (metadata) => ({
    ...Object.fromEntries(told.map((key) => [key, metadata[key]])),
    density: metadata.density ?? 72,
  });
  const differences = compareValues('file.', pick(a), pick(b), loose);
  if (Boolean(a.exif) !== Boolean(b.exif)) differences.push(`file.exif: ${Boolean(a.exif)} ≠ ${Boolean(b.exif)}`);
  const [x, y] = await Promise.all(
    [ours, theirs].map((data) => oracle(data, { animated: true, failOn: 'none' }).ensureAlpha().raw().toBuffer()),
  );
  return [...differences, ...comparePixels(x, y, tolerance, true)];
}

/** Mean difference of samples; colours are weighted by their alpha. */
function comparePixels(ours, theirs, tolerance, alpha = false) {
  if (ours.length !== theirs.length) return [`pixels: ${ours.length} bytes ≠ ${theirs.length}`];
  const difference = meanDifference(ours, theirs, alpha);
  return difference <= tolerance ? [] : [`pixels: mean difference ${difference.toFixed(2)} > ${tolerance}`];
}

export function meanDifference(ours, theirs, alpha) {
  let sum = 0;
  for (let i = 0; i < ours.length; i += 1) {
    if (alpha && i % 4 !== 3) {
      const at = i | 3;
      sum += Math.abs(ours[i] * ours[at] - theirs[i] * theirs[at]) / 255;
    } else {
      sum += Math.abs(ours[i] - theirs[i]);
    }
  }
  return sum / Math.max(1, ours.length);
}
