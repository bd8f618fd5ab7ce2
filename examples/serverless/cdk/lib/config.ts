import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readElf, refusals } from '../../../../bindings-node/scripts/elf.mjs';

/** The glibc of Lambda's system, Amazon Linux 2023. */
const LAMBDA_GLIBC = '2.34';
const BINARIES = { arm64: 'keenpix.linux-arm64-gnu.node', x86_64: 'keenpix.linux-x64-gnu.node' };
/** What the layer's release build writes. */
const FORMATS = ['jpeg', 'png', 'webp', 'avif'];
/** Keys that contain a hash of content and plan: nothing is ever invalidated. */
const KEYS = '{folder}/{name}/{hash}-{width}.{format}';

export type Processor = keyof typeof BINARIES;
export type Settings = Record<string, string | undefined>;

/** All settings of a deployment, checked before any construct is made. */
export interface Config {
  uploads: string;
  assets: string;
  /** Whether the assets bucket is there already, with a policy of its own. */
  assetsExist: boolean;
  input: string;
  output: string;
  /** Who hears of new avatars, besides. */
  webhook?: string;
  topic: string;
  functions: { processImage: string; authorizer: string; presign: string; invalidate: string };
  layers: { node: string; python?: string; ruby?: string };
  /** The environment of process-image, as far as it says what is made. */
  process: Record<string, string>;
  /** Whether names stay the same, so that what replaces an avatar has to be invalidated. */
  invalidates: boolean;
  memory: number;
  /** How long logs are kept, and originals; for ever without a number. */
  logDays: number;
  originalDays?: number;
  domain: string;
  /** The hosted zone of the domain; made if there is none. */
  zone?: string;
  /** Who may sign in; made if there is none. */
  users?: { pool: string; client: string };
  origins: string[];
  region: string;
  /** Of all functions and layers. */
  architecture: Processor;
  account?: string;
  alarmEmail?: string;
}

/**
 * Reads the environment, and what it does not say from CDK's context (`cdk synth -c NAME=value`); paths are relative to
 * `root`, the folder of `cdk.json`. Two settings are required: DOMAIN_NAME and UPLOADS_BUCKET_NAME.
 */
export function readConfig(environment: Settings, root: string, context: (name: string) => unknown = () => undefined) {
  const env = new Proxy(environment, {
    get: (given, name: string) => given[name] || (context(name) === undefined ? given[name] : String(context(name))),
  });
  const functions = join(root, '../functions');
  const layers = resolve(root, env.LAYERS_PATH || '../build/layers');
  const domain = required(env, 'DOMAIN_NAME');
  const template = env.KEY_TEMPLATE || KEYS;
  const pool = env.COGNITO_USER_POOL_ID;
  const config: Config = {
    uploads: required(env, 'UPLOADS_BUCKET_NAME'),
    assets: env.ASSETS_BUCKET_NAME || `assets.${domain}`,
    assetsExist: env.ASSETS_BUCKET_EXISTS === 'true',
    input: trimmed(env.THUMBING_S3_FOLDER_INPUT),
    output: trimmed(env.THUMBING_S3_FOLDER_OUTPUT || 'avatars'),
    webhook: env.THUMBING_WEBHOOK_URL || undefined,
    topic: env.THUMBING_TOPIC_NAME || 'thumbing-assets',
    functions: {
      processImage: resolve(root, env.THUMBING_FUNCTION_PATH || '../functions/process-image'),
      authorizer: join(functions, 'authorizer'),
      presign: join(functions, 'presign'),
      invalidate: join(functions, 'invalidate'),
    },
    layers: {
      node: join(layers, 'keenpix-node'),
      python: ifBuilt(layers, 'keenpix-python'),
      ruby: ifBuilt(layers, 'ruby-jwt'),
    },
    process: {
      PROCESS_WIDTH: size(env, 'PROCESS_WIDTH', '512'),
      PROCESS_HEIGHT: size(env, 'PROCESS_HEIGHT', '512'),
      EXTRA_WIDTHS: env.EXTRA_WIDTHS ?? '256,128,64',
      PROCESS_FIT: env.PROCESS_FIT || 'cover',
      PROCESS_POSITION: env.PROCESS_POSITION || 'centre',
      PROCESS_FORMAT: formats(env.PROCESS_FORMAT || 'jpeg'),
      PROCESS_QUALITY: size(env, 'PROCESS_QUALITY', '80'),
      PROCESS_TOLERATE: env.PROCESS_TOLERATE || 'none',
      KEY_TEMPLATE: template,
    },
    invalidates: !template.includes('{hash}'),
    memory: Number(size(env, 'MEMORY_MB', '1024')),
    logDays: Number(size(env, 'LOG_DAYS', '30')),
    originalDays: env.ORIGINAL_DAYS === '0' ? undefined : Number(size(env, 'ORIGINAL_DAYS', '30')),
    domain,
    zone: env.HOSTED_ZONE_ID || undefined,
    users: pool ? { pool, client: required(env, 'COGNITO_CLIENT_ID') } : undefined,
    origins: (env.ALLOWED_ORIGINS || `https://${domain}`).split(',').map((origin) => origin.trim()),
    region: env.AWS_REGION || env.CDK_DEFAULT_REGION || 'us-east-1',
    architecture: processor(env.ARCHITECTURE || 'arm64'),
    account: env.AWS_ACCOUNT_ID || env.CDK_DEFAULT_ACCOUNT || undefined,
    alarmEmail: env.ALARM_EMAIL || undefined,
  };
  check(config);
  return config;
}

function check(config: Config) {
  if (config.uploads === config.assets)
    throw new Error('UPLOADS_BUCKET_NAME and ASSETS_BUCKET_NAME have to differ: one bucket would feed itself');
  if (config.assets !== `assets.${config.domain}`)
    throw new Error(`ASSETS_BUCKET_NAME has to be assets.${config.domain}: the CDN has that name`);
  if (config.origins.includes('*'))
    throw new Error('ALLOWED_ORIGINS has to name origins; * would let every page upload');
  if (config.memory < 128 || config.memory > 10_240)
    throw new Error(`MEMORY_MB has to be from 128 to 10240, not ${config.memory}`);
  checkLayer(config.layers.node, config.architecture);
}

/** A layer that Lambda can't load would only show itself after the deployment, in every invocation. */
function checkLayer(layer: string, architecture: Processor) {
  const build = `run ARCHITECTURE=${architecture} bin/avatar/build`;
  const binary = join(layer, 'nodejs/node_modules/keenpix', BINARIES[architecture]);
  if (!existsSync(layer)) throw new Error(`${layer} is missing: ${build} first`);
  if (!existsSync(binary)) throw new Error(`the layer has no binary for ${architecture}: ${build}`);
  const [why] = refusals(readElf(readFileSync(binary)), architecture, LAMBDA_GLIBC);
  if (why) throw new Error(`Lambda can't load the layer's binary, which ${why}: ${build}`);
}

/** The function knows all about its settings, but only when it starts; this is what can be known before. */
function formats(text: string) {
  for (const each of text.split(','))
    if (!FORMATS.includes(each.trim()))
      throw new Error(`PROCESS_FORMAT has to be of ${FORMATS.join(', ')}, not ${each.trim()}`);
  return text;
}

function size(env: Settings, name: string, fallback: string) {
  const text = env[name] || fallback;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} has to be a whole number above 0, not ${text}`);
  return text;
}

function processor(name: string): Processor {
  if (name !== 'arm64' && name !== 'x86_64') throw new Error(`ARCHITECTURE has to be arm64 or x86_64, not ${name}`);
  return name;
}

function required(env: Settings, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: copy .env.example to .env and fill it in`);
  return value;
}

function trimmed(folder = '') {
  return folder.replace(/^\/+|\/+$/g, '');
}

function ifBuilt(layers: string, name: string) {
  const path = join(layers, name);
  return existsSync(path) ? path : undefined;
}
