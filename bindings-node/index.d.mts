export * from './index.js';

import * as keenpix from './index.js';
export default keenpix;
