// What the lists of chains share.

/** A named chain. `options`: `tolerance` and `loose` as for compare(), and a `codec` that not every build has. */
export function chain(name, make, options) {
  return { name, make, ...options };
}

/** As PNG, so that the pixels are exactly the chain's. */
export const lossless = (chain) => chain.png();

/**
 * The difference that lossy encoders may add, in levels: their quantisation tables are not libjpeg's, nor their
 * rounding libwebp's.
 */
export const LOSSY = 4;

/**
 * For the images of core/tests/images, which are drawings with noise in every pixel: they show differences between
 * kernels most clearly.
 */
export const DRAWN = 2.6;

/** A drawing of a circle, as used for round avatars. */
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
