import keenpix from './index.cjs';

export const {
  transform,
  transformSync,
  transformMany,
  transformManySync,
  probe,
  probeSync,
  stats,
  statsSync,
  canonicalPlan,
  KeenpixError,
} = keenpix;
export default keenpix;
