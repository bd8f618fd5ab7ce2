// Reproducible random choices.

/** A source of choices that are the same for a seed on every machine (splitmix32). */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const integer = (min, max) => min + Math.floor(next() * (max - min + 1));
  const pick = (list) => list[integer(0, list.length - 1)];
  /** A key of `weights`, chosen as often as its number says. */
  const weighted = (weights) => {
    const entries = Object.entries(weights);
    let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return entries.at(-1)[0];
  };
  return { next, integer, pick, weighted, chance: (probability) => next() < probability };
}

/** The seed of one chain of a run, from the run's seed and the chain's number. */
export const seedOf = (seed, number) => Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b);
