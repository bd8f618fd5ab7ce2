import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readElf, refusals } from '../../../../bindings-node/scripts/elf.mjs';

/** The glibc of Lambda's system, Amazon Linux 2023. */
const LAMBDA_GLIBC = '2.34';
const BINARIES = { arm64: 'keenpix.linux-arm64-gnu.node', x86_64: 'keenpix.linux-x64-gnu.node' };

export type Processor = keyof typeof BINARIES;

/** All settings of a deployment, checked before any construct is made. */
export interface Config {
  uploads: string;
  assets: string;
  input: string;
  output: string;
  webhook: string;
  topic: string;
  functions: { processImage: string; authorizer: string; presign: string; invalidate: string };
  layers: { node: string; python?: string; ruby?: string };
  domain: string;
  zone: string;
  userPool: string;
  client: string;
  origins: string[];
  region: string;
  /** Of all functions and layers. */
  architecture: Processor;
  account?: string;
  alarmEmail?: string;
}

/** Reads the environment; paths are relative to `root`, the folder of `cdk.json`. */
export function readConfig(env: NodeJS.ProcessEnv, root: string): Config {
  const functions = join(root, '../functions');
  const layers = resolve(root, env.LAYERS_PATH || '../build/layers');
  const config: Config = {
    uploads: required(env, 'UPLOADS_BUCKET_NAME'),
    assets: required(env, 'ASSETS_BUCKET_NAME'),
    input: trimmed(env.THUMBING_S3_FOLDER_INPUT),
    output: trimmed(required(env, 'THUMBING_S3_FOLDER_OUTPUT')),
    webhook: required(env, 'THUMBING_WEBHOOK_URL'),
    topic: required(env, 'THUMBING_TOPIC_NAME'),
    functions: {
      processImage: resolve(root, required(env, 'THUMBING_FUNCTION_PATH')),
      authorizer: join(functions, 'authorizer'),
      presign: join(functions, 'presign'),
      invalidate: join(functions, 'invalidate'),
    },
    layers: {
      node: join(layers, 'keenpix-node'),
      python: ifBuilt(layers, 'keenpix-python'),
      ruby: ifBuilt(layers, 'ruby-jwt'),
    },
    domain: required(env, 'DOMAIN_NAME'),
    zone: required(env, 'HOSTED_ZONE_ID'),
    userPool: required(env, 'COGNITO_USER_POOL_ID'),
    client: required(env, 'COGNITO_CLIENT_ID'),
    origins: required(env, 'ALLOWED_ORIGINS')
      .split(',')
      .map((origin) => origin.trim()),
    region: required(env, 'AWS_REGION'),
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

function processor(name: string): Processor {
  if (name !== 'arm64' && name !== 'x86_64') throw new Error(`ARCHITECTURE has to be arm64 or x86_64, not ${name}`);
  return name;
}

function required(env: NodeJS.ProcessEnv, name: string): string {
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
