// What the lists of chains share.

/**
 * A chain under its name. `options`: `tolerance` and `loose` as for compare(), `codec` for what not every build has.
 */
export function chain(name, make, options) {
  return { name, make, ...options };
}

/** As PNG, so that pixels are what the chain made of them. */
export const lossless = (chain) => chain.png();

/**
 * What lossy encoders may add, in levels: their quantisation tables are not libjpeg's, nor their rounding libwebp's.
 */
export const LOSSY = 4;

/**
 * For the pictures of core/tests/images, which are drawings with noise in every pixel: kernels show there as nowhere
 * else.
 */
export const DRAWN = 2.6;

/** The drawing of a circle, as it is used for round avatars. */
export const circle = Buffer.from('<svg width="40" height="40"><circle cx="20" cy="20" r="20"/></svg>');

/** sharp's gravities. */
export const gravities = [
  'centre',
  'north',
  'northeast',
  'east',
  'southeast',
  'south',
  'southwest',
  'west',
  'northwest',
];
