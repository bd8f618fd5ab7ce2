// How close the pixels of a random chain must be: some steps are lossy, and some amplify small differences.

import { DRAWN, LOSSY } from '../chains/common.mjs';

const LOOSE_STATS = {
  entropy: 0.03,
  sharpness: 0.3,
  mean: 1,
  stdev: 1,
  sum: Infinity,
  squaresSum: Infinity,
  min: 4,
  max: 4,
  minX: Infinity,
  minY: Infinity,
  maxX: Infinity,
  maxY: Infinity,
};

/** The photos; other images are drawings with noise in every pixel. */
const SMOOTH = /^(photo|orientation-|alpha-60|create|tiny|line)/;

/** Options for compare(). `size` is the input's. */
export function expectations(chain, { info } = {}, size = undefined) {
  if (chain.end === 'stats')
    return {
      loose: chain.input.includes('-16') ? { ...LOOSE_STATS, min: 600, max: 600, mean: 200, stdev: 200 } : LOOSE_STATS,
    };
  const base = (SMOOTH.test(chain.input) ? 1.6 : DRAWN) * (info ? scaling(chain, info, size) : 1);
  return {
    alpha: info?.channels === 4,
    tolerance: (base + codec(chain, info)) * amplification(chain),
    loose: { size: Infinity, attentionX: Infinity, attentionY: Infinity },
  };
}

/**
 * Differences between kernels: libvips enlarges half an output pixel off-centre, averages in boxes for outputs of a few
 * pixels, and shrinks a JPEG less in the decoder and more in the kernel.
 */
function scaling({ input, steps }, info, size) {
  const resize = steps.findLast(([call]) => call === 'resize');
  if (!resize || !size) return steps.some(([call]) => call === 'rotate') && input === 'one-bit.png' ? 3 : 1;
  const asked = resize[1].flatMap((value) =>
    typeof value === 'number' ? [value] : [value?.width, value?.height].filter(Number.isFinite),
  );
  const before = steps.findLast(([call], i) => call === 'extract' && i < steps.indexOf(resize));
  const { width, height } = before?.[1][0] ?? size;
  if (input === 'one-bit.png') return 40;
  // A kernel also applies to later calls.
  const nearest = steps.some(([call, args]) => call === 'resize' && args.some((value) => value?.kernel === 'nearest'));
  const few = Math.min(info.width, info.pageHeight ?? info.height, ...asked) <= 12;
  const enlarges = steps.some(([call]) => call === 'trim') || Math.max(...asked) > Math.min(width, height);
  if (nearest && few) return 40;
  if (nearest || few || enlarges) return SMOOTH.test(input) ? 10 : 12;
  // libwebp's own scaling is softer.
  return /webp$|drawing/.test(input) ? 3 : 1.8;
}

/** The difference that a lossy encoder adds. */
function codec({ input, steps }, info) {
  const format = info?.format;
  if (format === 'raw') return 0;
  const given = steps.flatMap(([, args]) => args).filter((value) => value && typeof value === 'object');
  const quality = Math.min(100, ...given.map((value) => value.quality).filter(Number.isInteger));
  const palette =
    given.some((value) => value.palette || value.colours || value.colors || value.effort || value.dither) ||
    (format === 'png' && quality < 100);
  const colours = Math.min(256, ...given.map((value) => value.colours ?? value.colors).filter(Number.isInteger));
  if (format === 'gif' || (format === 'png' && palette)) return colours < 16 || quality < 20 ? 70 : 12;
  if (format === 'png') return 0;
  if (input === 'one-bit.png') return 80;
  return quality < 10 ? 5 * LOSSY : quality < 50 ? 3 * LOSSY : quality < 75 ? 1.5 * LOSSY : LOSSY - 1;
}

function amplification({ input, steps }) {
  let factor = 1;
  for (const [call, [first]] of steps) {
    if (call === 'threshold') factor *= 30;
    if (['normalise', 'gamma'].includes(call)) factor *= input === 'drawing' ? 10 : 2.5;
    if (call === 'sharpen') factor *= first?.m1 > 1 || first?.m2 > 2 ? 3 : 1.6;
    if (call === 'linear') factor *= Math.max(1, ...[first].flat().filter(Number.isFinite));
    if (call === 'modulate')
      for (const value of [first?.brightness, first?.saturation].filter(Number.isFinite)) factor *= Math.max(1, value);
    if (call === 'composite' && Array.isArray(first) && first.some((layer) => layer?.blend === 'difference'))
      factor *= 1.5;
  }
  return factor;
}
