'use strict';

// The `info` of an output.

/** sharp's facts about an output, in sharp's order of keys. */
function infoOf({ format, facts }, image, carried) {
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
    // The point of interest, in pixels of the image as libvips' decoder would have shrunk it.
    [info.attentionX, info.attentionY] = (image.focus ?? [0, 0]).map((at) => Math.trunc(at * (facts.loadScale ?? 1)));
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

module.exports = { infoOf };
