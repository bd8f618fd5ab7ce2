// Kinds of values for options. Each makes legal values, sometimes at the edge of what is legal, and wrong ones on
// request.

const WRONG = [
  'x',
  '',
  '10',
  NaN,
  Infinity,
  -Infinity,
  true,
  {},
  [],
  [1],
  () => 1,
  Symbol.iterator,
  10n,
  -1,
  1.5,
  1e12,
];

/** `legal(r)` makes a value; `edges` are legal too; `wrong` are values that this kind in particular refuses. */
const kind =
  (legal, edges = [], wrong = []) =>
  (r, hostile) => {
    if (hostile && r.chance(0.35)) return r.chance(0.1) ? null : r.pick([...wrong, ...WRONG]);
    return edges.length > 0 && r.chance(0.15) ? r.pick(edges) : legal(r);
  };

export const integer = (min, max, usual) =>
  kind(
    (r) => (usual && r.chance(0.7) ? r.pick(usual) : r.integer(min, Math.min(max, min + 400))),
    [min, ...(max <= 1000 ? [max] : [])],
    [min - 1, max + 1, min + 0.5],
  );

export const number = (min, max, usual, wrong = [min - 0.01, max + 0.01]) =>
  kind(
    (r) => (usual && r.chance(0.7) ? r.pick(usual) : Math.round((min + r.next() * (max - min)) * 100) / 100),
    [min, max],
    wrong,
  );

export const boolean = kind((r) => r.chance(0.6), [], [0, 1, 'true']);

export const oneOf = (list, wrong = []) => kind((r) => r.pick(list), [], wrong);

export const side = kind(
  (r) => r.pick([1, 2, 3, 7, 10, 16, 20, 33, 40, 48, 50, 64, 75, 80, 96, 99, 100, 120, 128, 150, 200]),
  [],
  [0, 20.5, 100000001, '100'],
);

export const colour = kind(
  (r) =>
    r.pick([
      'red',
      'white',
      'black',
      'transparent',
      '#fff',
      '#00ff00',
      '#0000ff80',
      'rgb(10, 20, 30)',
      'rgba(10, 20, 30, 0.5)',
      'hsl(120, 50%, 50%)',
      'RebeccaPurple',
      { r: 255, g: 128, b: 0 },
      { r: 255, g: 128, b: 0, alpha: 1 },
      { r: 0, g: 0, b: 0, alpha: 0 },
      { r: 20, g: 200, b: 100, alpha: 0.5 },
      { r: 1.6, g: 2.5, b: 3.2 },
    ]),
  [{ r: 300, g: -5, b: 0 }, '#ABC', 'rgb(300, 0, 0)', { r: 1, g: 2, b: 3, alpha: 5 }],
  ['nope', '#12345', { r: 'x' }, { r: 1 }, 'rgb(1)', 5],
);

/** Options as an object, with each of `rules` present with its own probability. */
export const options =
  (rules, defaultChance = 0.35) =>
  (r, hostile) => {
    if (hostile && r.chance(0.06)) return r.pick(['x', 5, NaN, [], true, () => 1]);
    const taken = {};
    for (const [name, rule] of Object.entries(rules)) {
      const [value, chance] = Array.isArray(rule) ? rule : [rule, defaultChance];
      if (r.chance(chance)) taken[name] = value(r, hostile && r.chance(0.5));
    }
    return taken;
  };

/** A value as written in a program. */
export function show(value) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `${value.constructor.name}(${value.byteLength})`;
  if (value && typeof value === 'object') {
    return (
      value.shown ??
      `{ ${Object.entries(value)
        .map(([name, inner]) => `${name}: ${show(inner)}`)
        .join(', ')} }`
    );
  }
  return String(value);
}
