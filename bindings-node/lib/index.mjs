import keenpix from './index.cjs';

export const { transform, transformSync, transformMany, transformManySync, probe, probeSync, KeenpixError } = keenpix;
export default keenpix;
