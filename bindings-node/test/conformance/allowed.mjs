// Differences from sharp that are meant, each with its reason.

const rules = [];

/** The reason why all of a chain's differences are allowed, or undefined. */
export function allowed(chain, differences) {
  const reasons = differences.map((difference) =>
    rules.find(({ name, difference: pattern }) => name.test(chain.name) && pattern.test(difference))?.reason);
  return reasons.every(Boolean) ? [...new Set(reasons)].join('; ') : undefined;
}

export { rules };
