'use strict';

// Converts sharp's colours (CSS strings and objects) to a plan's `#rrggbbaa`.

const { check, isNumber, isObject, isString, shown } = require('./check.cjs');
const { plain } = require('./errors.cjs');
const names = require('./colour-names.cjs');

/** A colour as four numbers: red, green, blue 0 to 255, alpha 0 to 255. */
function parseColour(value) {
  check(
    isObject(value) || (isString(value) && value.length >= 3 && value.length <= 200),
    'background',
    'object or string',
    value,
  );
  const [red, green, blue, alpha] = typeof value === 'string' ? fromString(value) : fromObject(value);
  return [clamp(red, 255), clamp(green, 255), clamp(blue, 255), Math.round(clamp(alpha, 1) * 255)];
}

/** `[255, 0, 0, 255]` as `#ff0000ff`. */
const cssColour = (rgba) => `#${rgba.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

const clamp = (value, max) => Math.min(Math.max(value, 0), max);

function fromString(text) {
  const colour = text.trim().toLowerCase();
  if (colour === 'transparent') return [0, 0, 0, 0];
  if (Object.hasOwn(names, colour)) return fromHex(names[colour]);
  const hex = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.exec(colour);
  if (hex) return fromHex(hex[1]);
  const call = /^(rgb|hsl|hwb)a?\(([^()]*)\)$/.exec(colour);
  const parsed = call && fromCall(call[1], call[2].split(/[\s,/]+/).filter(Boolean));
  if (!parsed) throw unparsable('string', text);
  return parsed;
}

function fromHex(digits) {
  const long = digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const [red, green, blue, alpha = 255] = long.match(/../g).map((pair) => parseInt(pair, 16));
  return [red, green, blue, alpha / 255];
}

function fromCall(space, parts) {
  if (parts.length < 3 || parts.length > 4) return undefined;
  const alpha = parts.length === 4 ? fraction(parts[3]) : 1;
  if (space === 'rgb') {
    if (new Set(parts.slice(0, 3).map((part) => part.endsWith('%'))).size > 1) return undefined;
    const channel = (part) => (part.endsWith('%') ? Math.round((parseFloat(part) / 100) * 255) : Number(part));
    return numbers([...parts.slice(0, 3).map(channel), alpha]);
  }
  const [hue, second, third] = [
    Number(parts[0].replace(/deg$/, '')),
    ...parts.slice(1, 3).map((part) => Number(part.replace(/%$/, ''))),
  ];
  return numbers([...(space === 'hsl' ? fromHsl(hue, second, third) : fromHwb(hue, second, third)), alpha]);
}

const fraction = (part) => (part.endsWith('%') ? parseFloat(part) / 100 : Number(part));

const numbers = (list) => (list.every(isNumber) ? list : undefined);

/** CSS Color 4, section 7.1. */
function fromHsl(hue, saturation, lightness) {
  const [s, l] = [clamp(saturation, 100) / 100, clamp(lightness, 100) / 100];
  const channel = (n) => {
    const k = (((n + hue / 30) % 12) + 12) % 12;
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** CSS Color 4, section 8.1. */
function fromHwb(hue, whiteness, blackness) {
  const [w, b] = [clamp(whiteness, 100) / 100, clamp(blackness, 100) / 100];
  if (w + b >= 1) return Array(3).fill((255 * w) / (w + b));
  return fromHsl(hue, 100, 50).map((channel) => channel * (1 - w - b) + 255 * w);
}

/** Value is the largest channel; saturation is how far the smallest one is below it. */
function fromHsv(hue, saturation, value) {
  const [s, v] = [clamp(saturation, 100) / 100, clamp(value, 100) / 100];
  const lightness = v * (1 - s / 2);
  const spread = Math.min(lightness, 1 - lightness);
  return fromHsl(hue, spread === 0 ? 0 : (100 * (v - lightness)) / spread, lightness * 100);
}

const fromCmyk = (...inks) => {
  const [cyan, magenta, yellow, black] = inks.map((ink) => clamp(ink, 100) / 100);
  return [cyan, magenta, yellow].map((ink) => 255 * (1 - Math.min(1, ink * (1 - black) + black)));
};

/** CIE L*a*b* under D65, to sRGB (IEC 61966-2-1). */
function fromLab(lightness, a, b) {
  const y = (lightness + 16) / 116;
  const cube = (t) => (t ** 3 > 0.008856 ? t ** 3 : (t - 16 / 116) / 7.787);
  const [X, Y, Z] = [0.95047 * cube(a / 500 + y), cube(y), 1.08883 * cube(y - b / 200)];
  const linear = [
    X * 3.2404542 + Y * -1.5371385 + Z * -0.4985314,
    X * -0.969266 + Y * 1.8760108 + Z * 0.041556,
    X * 0.0556434 + Y * -0.2040259 + Z * 1.0572252,
  ];
  return linear.map((v) => 255 * clamp(v > 0.0031308 ? 1.055 * v ** (1 / 2.4) - 0.055 : v * 12.92, 1));
}

const fromLch = (lightness, chroma, hue) =>
  fromLab(lightness, chroma * Math.cos((hue / 180) * Math.PI), chroma * Math.sin((hue / 180) * Math.PI));

function fromObject(value) {
  if (Array.isArray(value) && value.length > 0) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = value;
    if (numbers([red, green, blue, alpha])) return [red, green, blue, alpha];
  }
  const { alpha = 1 } = value;
  const models = [
    [['r', 'g', 'b'], (r, g, b) => [r, g, b]],
    [['h', 's', 'l'], fromHsl],
    [['h', 's', 'v'], fromHsv],
    [['h', 'w', 'b'], fromHwb],
    [['c', 'm', 'y', 'k'], fromCmyk],
    [['l', 'a', 'b'], fromLab],
    [['l', 'c', 'h'], fromLch],
    [['gray'], (grey) => Array(3).fill((grey / 100) * 255)],
  ];
  for (const [keys, convert] of models) {
    const values = keys.map((key) => value[key]);
    if (numbers([...values, alpha])) return [...convert(...values), alpha];
  }
  throw unparsable('object', JSON.stringify(value));
}

const unparsable = (kind, what) =>
  plain(
    `Unable to parse color from ${kind}: ${shown(what)}`,
    'BAD_ARGUMENT',
    "write it as in CSS ('white', '#ffffff80', 'rgb(255 255 255 / 50%)') or as { r, g, b, alpha }",
  );

module.exports = { cssColour, parseColour };
