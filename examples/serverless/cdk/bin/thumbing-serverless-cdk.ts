import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { config as dotenv } from 'dotenv';
import { build } from '../lib/app.ts';
import { readConfig } from '../lib/config.ts';

const here = dirname(fileURLToPath(import.meta.url));
dotenv({ path: join(here, '../.env'), quiet: true });

const app = new App();
build(
  app,
  readConfig(process.env, join(here, '..'), (name) => app.node.tryGetContext(name)),
);
