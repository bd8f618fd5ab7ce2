// Differences of random chains that are meant, each with its reason. The reasons of ../allowed.mjs hold for them as well.

const KEEPS_EXIF = ['keepExif', 'keepMetadata', 'withMetadata', 'withDensity'];
const calls = (chain, ...names) => chain.steps.some(([call]) => names.includes(call));

const given = (chain, name, value) => chain.steps.some(([, args]) => args.some((options) => options?.[name] === value));

/** `when` is asked for a difference, with the chain and both outcomes. */
export const rules = [
  {
    when: (difference, _chain, { theirs }) => /^(Cannot |undefined is|null is|.* is not (a function|iterable))/.test(theirs.error ?? ''),
    reason: 'sharp falls over null or undefined where it looks for an option: an error of the language, not of the argument',
  },
  {
    when: (difference, chain) => /^file\.(exif: false ≠ true|orientation: undefined ≠ 1)/.test(difference) && calls(chain, ...KEEPS_EXIF),
    reason: 'no EXIF block is made where the input had none',
  },
  {
    when: (difference, chain, { theirs }) => /^file\.(channels|hasAlpha):/.test(difference) && theirs.info?.format === 'gif',
    reason: 'whether a GIF says that it has alpha: keenpix says so where a frame has transparent pixels',
  },
  {
    when: (difference, chain, { theirs }) => /^file\.delay\.0: 0 ≠ 100/.test(difference) && !theirs.info?.pages,
    reason: 'a still keeps the delay of its only frame, whatever it is',
  },
  {
    when: (difference, chain, { theirs }) => /^file\.loop/.test(difference) && !theirs.info?.pages,
    reason: 'a still has nothing to repeat',
  },
  {
    when: (difference, chain) => chain.given?.pages > 1 && !/^animated/.test(chain.input),
    reason: 'pages are asked for of a picture of a kind that has none: keenpix gives the picture, and sharp counts it as several',
  },
  {
    when: (difference, chain, { theirs }) => /^file\.chromaSubsampling: 4:4:4 ≠ 4:2:0/.test(difference) && Math.min(theirs.info?.width, theirs.info?.height) === 1,
    reason: 'a picture that is one pixel wide or high has no neighbours to share chroma with',
  },
  {
    when: (difference, chain) => chain.input.includes('-16') && calls(chain, 'trim'),
    reason: 'the threshold of trim() in a 16-bit picture: sharp counts in steps of its 65,536 levels, keenpix as for 8 bits',
  },
  {
    when: (difference, chain) => /^(entropy|sharpness)/.test(difference) && chain.input === 'cmyk.jpg',
    reason: 'grey levels of inks without a profile',
  },
  {
    when: (difference, chain) => /^entropy/.test(difference) && /drawing|circle/.test(chain.input),
    reason: 'the edges of drawings are smoothed another way',
  },
  {
    when: (difference, chain) => /^channels\.\d\.stdev: 0 ≠ NaN/.test(difference),
    reason: 'one pixel differs from its mean by nothing',
  },
  {
    when: (difference, chain) => /^file\.isPalette: false ≠ true/.test(difference) && given(chain, 'palette', false),
    reason: 'sharp makes a palette for a number of colours also where palette: false was asked for',
  },
  {
    when: (difference, chain) => /^pixels/.test(difference) && calls(chain, 'gamma') && calls(chain, 'blur', 'sharpen'),
    reason: 'after a blur or a sharpening the second gamma curve of sharp counts in 16 bits, and the picture comes out black',
  },
  {
    when: (difference, chain) => /^pixels/.test(difference) && given(chain, 'withoutReduction', true) && given(chain, 'fit', 'contain'),
    reason: 'sharp shifts a picture that is larger than the box out of its own canvas; keenpix shows all of it',
  },
  {
    when: (difference, chain) => /^dominant/.test(difference) && chain.end === 'stats',
    reason: 'keenpix finds the most frequent of 4,096 colours; sharp does not in every picture',
  },
];

/** Why a difference is allowed, or undefined. */
export function allowed(chain, difference, outcomes) {
  return rules.find(({ when }) => when(difference, chain, outcomes))?.reason;
}
