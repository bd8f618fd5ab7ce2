'use strict';

// The `info` of an output.

/** What sharp says of an output, in sharp's order of keys. */
function infoOf({ format, facts }, image, { state, source, carried }) {
  const animated = image.frames > 1;
  const info = {
    format,
    width: image.width,
    height: image.height * image.frames,
    channels: image.channels,
  };
  if (format === 'raw') info.depth = 'uchar';
  info.premultiplied = facts.premultiplied;
  if (image.crop) {
    [info.cropOffsetLeft, info.cropOffsetTop] = image.crop.map((offset) => -offset || 0);
    [info.attentionX, info.attentionY] = attention(image.focus ?? [0, 0], facts, state, source);
  }
  if (carried.trim) [info.trimOffsetLeft, info.trimOffsetTop] = carried.trim.map((offset) => -offset || 0);
  if (animated) {
    info.pageHeight = image.height;
    info.pages = image.frames;
  }
  info.hasAlpha = format !== 'jpeg' && facts.alpha;
  info.size = image.bytes.length;
  return info;
}

/** sharp gives the point that draws the eye in pixels of the picture as its decoder shrank it. */
function attention(focus, { shrink }, state, source) {
  const shrunkOnLoad = shrink && !state.extractPre && !state.trim && !source.derived && state.gamma === 0;
  if (!shrunkOnLoad) return focus;
  const least = Math.min(shrink.across, shrink.down);
  if (source.format === 'jpeg') {
    const factor = state.fastShrinkOnLoad ? 1 : 2;
    let scale = [8, 4, 2].find((power) => least >= power * factor) ?? 1;
    if (scale > 1 && Math.trunc(least) === scale) scale /= 2;
    return focus.map((value) => Math.trunc(value * scale));
  }
  if (source.format === 'webp' && state.fastShrinkOnLoad && least > 1) return focus.map((value) => Math.trunc(value * least));
  return focus;
}

module.exports = { infoOf };
