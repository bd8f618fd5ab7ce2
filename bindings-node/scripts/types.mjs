// Makes plan.d.ts from core/plan.schema.json: node scripts/types.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SCHEMA = new URL('../../core/plan.schema.json', import.meta.url);
const TARGET = new URL('../plan.d.ts', import.meta.url);
const HEADER = '// Generated from core/plan.schema.json by scripts/types.mjs: change the plan in the core instead.\n\n';

export function committed() {
  return readFileSync(TARGET, 'utf8');
}

export function generate() {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  const { $defs, ...plan } = schema;
  const names = Object.keys($defs);
  return HEADER + ['Plan', ...names].map((name) => declaration(name, name === 'Plan' ? plan : $defs[name])).join('\n');
}

function declaration(name, schema) {
  const { oneOf: variants } = schema;
  if (schema.properties) return comment(schema) + object(name, schema);
  if (!variants?.some((variant) => variant.properties))
    return `${comment(schema)}export type ${name} =${union(schema)};\n`;
  // A variant with fields becomes an interface of its own, so that editors show its name.
  const parts = variants.map((variant) => {
    if (!variant.properties) return { type: type(variant), text: '' };
    const label = name + capital(tagOf(variant));
    return { type: label, text: comment(variant) + object(label, variant) };
  });
  const members = parts.map((part) => `\n  | ${part.type}`).join('');
  return `${comment(schema)}export type ${name} =${members};\n${parts.map((part) => part.text && `\n${part.text}`).join('')}`;
}

/** What identifies a variant: its constant, or its only key. */
function tagOf({ properties }) {
  const tagged = Object.values(properties).find((property) => property.const !== undefined);
  return tagged?.const ?? Object.keys(properties)[0];
}

function object(name, schema) {
  const body = fields(schema, '  ');
  return body === '' ? `export type ${name} = Record<string, never>;\n` : `export interface ${name} {\n${body}}\n`;
}

function fields({ properties, required = [] }, indent) {
  return Object.entries(properties)
    .sort(([a], [b]) => required.includes(b) - required.includes(a)) // required ones first
    .map(
      ([key, value]) =>
        `${comment(value, indent)}${indent}${key}${required.includes(key) ? '' : '?'}: ${type(value, indent)};\n`,
    )
    .join('');
}

function type(schema, indent = '') {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.contentEncoding === 'base64') return 'string | Uint8Array | ArrayBuffer';
  const members = schema.anyOf ?? schema.oneOf;
  if (members) return members.map((member) => type(member, indent)).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((name) => type({ ...schema, type: name }, indent)).join(' | ');
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      return schema.prefixItems
        ? `[${schema.prefixItems.map((item) => type(item)).join(', ')}]`
        : arrayOf(schema, indent);
    case 'object':
      return `{\n${fields(schema, `${indent}  `)}${indent}}`;
    default:
      throw new Error(`scripts/types.mjs knows no type for ${JSON.stringify(schema)}`);
  }
}

/** An array of fixed length is a tuple. */
function arrayOf({ items, minItems, maxItems }, indent) {
  const item = type(items, indent);
  if (minItems !== undefined && minItems === maxItems) return `[${Array(minItems).fill(item).join(', ')}]`;
  return item.includes(' ') ? `Array<${item}>` : `${item}[]`;
}

function union(schema) {
  const members = schema.oneOf ?? schema.anyOf;
  if (!members) return ` ${type(schema)}`;
  return members.map((member) => `\n${comment(member, '  ')}  | ${type(member, '  ')}`).join('');
}

/** The description without the parts meant for Rust: examples and links. */
function comment({ description }, indent = '') {
  if (description === undefined) return '';
  const text = description
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\[(`[^`]*`)\](\([^)]*\))?/g, '$1')
    .replace(/::/g, '.')
    .trim();
  const lines = text.split('\n');
  if (lines.length === 1) return `${indent}/** ${text} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

function literal(value) {
  return `'${String(value).replace(/['\\]/g, '\\$&')}'`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, generate());
