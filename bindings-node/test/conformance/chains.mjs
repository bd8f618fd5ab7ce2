// The chains that are run through both libraries. `make(sharp, open)` builds one; `open` returns the bytes or the path
// of an input.

import errors from './chains/errors.mjs';
import geometry from './chains/geometry.mjs';
import inputs from './chains/inputs.mjs';
import outputs from './chains/outputs.mjs';
import people from './chains/people.mjs';
import pixels from './chains/pixels.mjs';
import plumbing from './chains/plumbing.mjs';
import rare from './chains/rare.mjs';

export const chains = [
  ...people(),
  ...geometry(),
  ...inputs(),
  ...pixels(),
  ...outputs(),
  ...errors(),
  ...plumbing(),
  ...rare(),
];
