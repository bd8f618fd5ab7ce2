// Intentional differences of random chains, each with its reason. The reasons in ../allowed.mjs apply to them too.

const calls = (chain, ...names) => chain.steps.some(([call]) => names.includes(call));

const isRaw = (chain) =>
  chain.steps.some(([call, [format]]) => call === 'raw' || (call === 'toFormat' && (format?.id ?? format) === 'raw'));
const given = (chain, name, value) => chain.steps.some(([, args]) => args.some((options) => options?.[name] === value));

/** `when` takes a difference, the chain and both outcomes, and says whether the rule applies. */
export const rules = [
  {
    when: (_difference, _chain, { theirs }) =>
      /^(Cannot |undefined is|null is|.* is not (a function|iterable))/.test(theirs.error ?? ''),
    reason:
      'sharp falls over null or undefined where it looks for an option: an error of the language, not of the argument',
  },
  {
    when: (difference, chain) =>
      /^file\.(channels|hasAlpha):/.test(difference) &&
      calls(chain, 'greyscale', 'grayscale') &&
      chain.input === 'alpha.webp',
    reason: 'WebP leaves an alpha channel out that is opaque everywhere',
  },
  {
    when: (difference, _chain, { theirs }) =>
      /^file\.(channels|hasAlpha):/.test(difference) && (theirs.info?.format === 'gif' || theirs.info?.pages > 1),
    reason:
      'whether a GIF or an animation says that it has alpha: keenpix says so where a frame has transparent pixels',
  },
  {
    when: (difference, _chain, { theirs }) => /^file\.delay\.0: 0 ≠ \d+$/.test(difference) && !theirs.info?.pages,
    reason: 'a still keeps the delay of its only frame, whatever it is',
  },
  {
    when: (difference, chain, { theirs }) =>
      /^pixels/.test(difference) &&
      theirs.info?.pages > 1 &&
      (calls(chain, 'flip') || chain.steps.some(([, [angle]]) => angle % 360 === 180 || angle % 360 === -180)),
    reason: 'sharp turns all frames as one strip upside down, and their order with it',
  },
  {
    when: (difference, chain) =>
      /^pixels/.test(difference) &&
      /alpha|rgba/.test(chain.input) &&
      calls(chain, 'resize', 'blur', 'sharpen') &&
      (calls(chain, 'removeAlpha') || (isRaw(chain) && calls(chain, 'toColourspace', 'greyscale', 'grayscale'))),
    reason: 'the colours of pixels that are all but transparent: libvips divides whole numbers by their alpha',
  },
  {
    when: (difference, chain) =>
      /^pixels/.test(difference) &&
      /alpha|rgba/.test(chain.input) &&
      calls(chain, 'negate') &&
      calls(chain, 'resize', 'blur', 'sharpen', 'composite'),
    reason: 'the colours of transparent pixels, which negate() makes opaque',
  },
  {
    when: (difference, chain, { theirs }) =>
      /^pixels/.test(difference) && theirs.info?.pages > 1 && calls(chain, 'composite'),
    reason: 'a layer is laid on each frame of an animation; sharp lays it on the strip of all frames',
  },
  {
    when: (difference, _chain, { theirs }) => /^file\.(pages|delay|loop)/.test(difference) && theirs.info?.pages > 1,
    reason: 'which frames come out the same, and are joined, is a matter of rounding',
  },
  {
    when: (_difference, chain) => chain.end === 'stats' && /^frames of/.test(chain.input),
    reason: 'stats() counts the first frame, and in sharp all of them',
  },
  {
    when: (_difference, chain, { theirs }) => /rank: window too large/.test(theirs.error ?? '') && calls(chain, 'trim'),
    reason: 'sharp cannot trim what is one or two pixels high or wide',
  },
  {
    when: (difference, chain) =>
      /^info\.trimOffset/.test(difference) && /^create/.test(chain.input) && calls(chain, 'rotate'),
    reason: 'where nothing is trimmed of a turned picture sharp tells how far it was turned',
  },
  {
    when: (difference, chain) =>
      /^file\.(channels|hasAlpha)/.test(difference) &&
      chain.steps.some(([, args]) => args.some((options) => options?.palette || options?.colours || options?.colors)),
    reason: 'a palette of opaque colours says nothing of alpha',
  },
  {
    when: (difference, _chain, { theirs }) => /^file\.loop/.test(difference) && !theirs.info?.pages,
    reason: 'a still has nothing to repeat',
  },
  {
    when: (_difference, chain) => chain.given?.pages > 1 && !/^animated/.test(chain.input),
    reason:
      'pages are asked for of a picture of a kind that has none: keenpix gives the picture, and sharp counts it as several',
  },
  {
    when: (difference, _chain, { theirs }) =>
      /^file\.chromaSubsampling: 4:4:4 ≠ 4:2:0/.test(difference) &&
      Math.min(theirs.info?.width, theirs.info?.height) === 1,
    reason: 'a picture that is one pixel wide or high has no neighbours to share chroma with',
  },
  {
    when: (_difference, chain) => chain.input.includes('-16') && calls(chain, 'trim', 'threshold'),
    reason: 'thresholds in a 16-bit picture: sharp counts in steps of its 65,536 levels, keenpix as for 8 bits',
  },
  {
    when: (difference, chain) =>
      /^pixels/.test(difference) && chain.input.includes('-16') && calls(chain, 'withMetadata', 'withIccProfile'),
    reason:
      'sharp converts the colours of 16-bit pictures from a space that they are not in, where a profile is asked for',
  },
  {
    when: (difference, chain) => /^file\.delay/.test(difference) && chain.given?.page > 0,
    reason: 'sharp gives frames in the middle the delays of the first ones; keenpix leaves each its own',
  },
  {
    when: (difference, chain) =>
      /^(entropy|sharpness)/.test(difference) && chain.input === 'cmyk.jpg' && chain.end === 'stats',
    reason: 'grey levels of inks without a profile',
  },
  {
    when: (difference, chain) => /^(entropy|sharpness|channels)/.test(difference) && /drawing|circle/.test(chain.input),
    reason: 'the edges of drawings are smoothed another way',
  },
  {
    when: (difference, _chain) => /^channels\.\d\.stdev: 0 ≠ NaN/.test(difference),
    reason: 'one pixel differs from its mean by nothing',
  },
  {
    when: (difference, chain) => /^file\.isPalette: false ≠ true/.test(difference) && given(chain, 'palette', false),
    reason: 'sharp makes a palette for a number of colours also where palette: false was asked for',
  },
  {
    when: (difference, chain) =>
      /^pixels/.test(difference) && calls(chain, 'gamma', 'negate') && calls(chain, 'blur', 'sharpen'),
    reason:
      'after a mild blur or sharpening gamma and negate of sharp count in 16 bits, and the picture comes out black',
  },
  {
    when: (difference, chain) =>
      /^pixels/.test(difference) &&
      chain.steps.some(
        ([call, [options]]) => call === 'blur' && options?.precision === 'approximate' && options.sigma < 0.8,
      ),
    reason: 'an approximate blur of sharp has no size below a sigma of 0.8, and the picture comes out black',
  },
  {
    when: (_difference, _chain, { theirs }) =>
      (theirs.info ?? theirs.value)?.pages > 1 && !['gif', 'webp'].includes((theirs.info ?? theirs.value).format),
    reason: 'of an animation a format without animation gets the first frame, and not a strip of all',
  },
  {
    when: (_difference, _chain, { ours }) => /is not supported by keenpix/.test(ours.error ?? ''),
    reason: 'what keenpix does not have is refused when it is called',
  },
  {
    when: (_difference, chain, { theirs, ours }) =>
      theirs.error === undefined && ours.code === 'TRUNCATED' && /^half/.test(chain.input),
    reason: 'sharp does not read what lies below the part that is taken, and does not find that it is missing',
  },
  {
    when: (difference, chain, { theirs }) =>
      /^pixels/.test(difference) && chain.input === 'still.gif' && theirs.info?.format === 'gif',
    reason: 'sharp takes the palette of a GIF again, whatever has become of its colours',
  },
  {
    when: (difference, chain) =>
      /^pixels/.test(difference) &&
      chain.steps.some(
        ([call, [angle, options]]) =>
          call === 'rotate' && angle % 90 !== 0 && /alpha|#0000ff80|0\.5/.test(JSON.stringify(options) ?? ''),
      ),
    reason: 'the background of a turned picture, where it is half transparent: sharp divides it by its alpha twice',
  },
  {
    when: (difference, chain) =>
      /^(info\.)?(width|height)/.test(difference) && calls(chain, 'extend') && calls(chain, 'extract'),
    reason: 'what info says of a picture that was extended after an extract: sharp tells the size before it',
  },
  {
    when: (difference, chain) => /^pixels/.test(difference) && /^half/.test(chain.input),
    reason: 'what stands in for the missing part of a picture',
  },
  {
    when: (difference, chain) =>
      /^pixels/.test(difference) && chain.input === 'grey-alpha.png' && calls(chain, 'flatten'),
    reason: 'of the background for a grey picture sharp takes the red',
  },
  {
    when: (difference, chain) =>
      /^(info\.)?channels: 1 ≠ 2/.test(difference) &&
      chain.steps.some(([call, [space]]) => call === 'toColourspace' && space === 'b-w'),
    reason: 'a grey JPEG has one channel; sharp counts the alpha that it could not write',
  },
  {
    when: (difference, chain) => /^file\.hasProfile: false ≠ true/.test(difference) && chain.input === 'cmyk.jpg',
    reason: 'inks without a profile have none to keep; sharp attaches the one that it took for granted',
  },
  {
    when: (difference, chain) =>
      /bad extract area/.test(difference) &&
      chain.steps.some(
        ([call, [layers]]) =>
          call === 'composite' &&
          Array.isArray(layers) &&
          layers.some((layer) => layer.tile && (layer.left < 0 || layer.top < 0)),
      ),
    reason: 'tiles may begin outside of the picture',
  },
  {
    when: (difference, chain) =>
      /^(pixels|info\.(hasAlpha|channels))/.test(difference) &&
      given(chain, 'withoutReduction', true) &&
      given(chain, 'fit', 'contain'),
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
