// The types as CommonJS sees them.
import keenpix = require('keenpix');

const plan: keenpix.Plan = { resize: { width: 20 } };
const image: keenpix.Image = keenpix.transformSync(process.argv[2]!, plan);
if (image.width !== 20) throw new Error('not what was asked for');
console.log('ok');
