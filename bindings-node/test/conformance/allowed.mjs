// Intentional differences from sharp, each with its reason. `chain` and `difference` are matched against the name of a
// chain and the results of compare(); a chain is allowed if all its differences are.

const PIXELS = /^pixels: mean difference/;

export const rules = [
  {
    chain: /^size: .* contain withoutReduction/,
    difference: PIXELS,
    reason: 'sharp shifts a picture that is larger than the box out of its own canvas; keenpix shows all of it',
  },
  {
    chain: /^(size: (400×300|undefined×66|.*withoutReduction)|kernel: .* up|rounding: (40×22|7×5))/,
    difference: PIXELS,
    reason: 'libvips enlarges half an output pixel off the centre, keenpix on it',
  },
  {
    chain: /^size: 3×3 /,
    difference: PIXELS,
    reason: 'for a few pixels libvips averages in boxes first, and keenpix takes Lanczos all the way',
  },
  {
    chain: /^(size: 95×undefined|turn: rotate\(180\) then resize|people: sharpen after resize|people: callback)/,
    difference: PIXELS,
    reason:
      'a JPEG that is a little more than twice, four or eight times too large: keenpix lets the decoder shrink it, sharp the kernel',
  },
  {
    chain: /^kernel: nearest down/,
    difference: PIXELS,
    reason: 'of the pixels that make one, libvips takes the first, and keenpix the one in the middle',
  },
  {
    chain: /photo stream\.webp/,
    difference: PIXELS,
    reason: "sharp lets libwebp's decoder scale, which is softer; keenpix decodes all and takes Lanczos",
  },
  {
    chain:
      /to (gif|webp)|animated$|gif as it is|pages -1|page 1, pages 2|cover|contain|extract|extend|flop|loop and delay|one delay|greyscale|frames that repeat/,
    difference: /^file\.(channels|hasAlpha): (3 ≠ 4|false ≠ true|4 ≠ 3|true ≠ false)/,
    reason: 'whether an animation says that it has alpha: keenpix says so where a frame has transparent pixels',
  },
  {
    chain: /^animation: .* to png/,
    difference: /^(info|file)\./,
    reason: 'of an animation a format without animation gets the first frame, and not a strip of all',
  },
  {
    chain: /^animation: .* loop and delay/,
    difference: /is not supported by keenpix/,
    reason: 'frames have one delay for all, or those of the input',
  },
  {
    chain: /gif as it is/,
    difference: /^file\.delay\.0: 0 ≠ 100/,
    reason: 'a still keeps the delay of its only frame, whatever it is',
  },
  {
    chain: /^animation: .* page 1, pages 2/,
    difference: /^file\.delay/,
    reason: 'sharp gives frames in the middle the delays of the first ones; keenpix leaves each its own',
  },
  {
    chain: /^pair: gamma\(\) and sharpen\(\)/,
    difference: PIXELS,
    reason:
      'after the mild sharpening of sharp its second gamma curve counts in 16 bits, and the picture comes out black',
  },
  {
    chain: /^pair: (sharpen\(\) and negate|.*removeAlpha|.* and greyscale)/,
    difference: PIXELS,
    reason: 'the colours of pixels that are all but transparent: libvips divides whole numbers by their alpha',
  },
  {
    chain: /^stats: /,
    difference: /^dominant/,
    reason: 'keenpix finds the most frequent of 4,096 colours; sharp does not in every picture',
  },
  {
    chain: /gamma/,
    difference: PIXELS,
    reason: 'what the second gamma curve brightens, it brightens with its rounding',
  },
  {
    chain: /threshold/,
    difference: PIXELS,
    reason: 'a level of difference before a threshold is the whole range after it',
  },
  {
    chain: /^gif: .*(loop|delay)/,
    difference: /^file\.loop/,
    reason: 'a still has nothing to repeat',
  },
  {
    chain: /^jpeg: grey, of an input with alpha/,
    difference: /^info\.channels: 1 ≠ 2/,
    reason: 'a grey JPEG has one channel; sharp counts the alpha that it could not write',
  },
  {
    chain: /^fault: timeout/,
    difference: /^error: timeout: /,
    reason: 'the work has been stopped: how much of it was done is not counted',
  },
];

/** The reasons why a chain's differences are allowed; undefined unless all of them are. */
export function allowed(chain, differences) {
  const reasons = differences.map(
    (difference) => rules.find((rule) => rule.chain.test(chain.name) && rule.difference.test(difference))?.reason,
  );
  return reasons.every(Boolean) ? [...new Set(reasons)].join('; ') : undefined;
}
