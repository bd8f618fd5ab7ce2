// Where chains write files: a folder that goes with the process.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'keenpix-conformance-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A path in it. */
export const temporary = (name) => join(folder, name);
