// Converts the files in a JSON list of `{"file", "sharp"}` with sharp: oriented, fitted inside 200×2000, as PNG.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [list, modules] = process.argv.slice(2);
const sharp = createRequire(join(modules, 'x.js'))('sharp');
sharp.concurrency(1);
sharp.cache(false);

const tasks = JSON.parse(readFileSync(list, 'utf8')).filter((task) => task.sharp && !existsSync(task.sharp));
let failed = 0;
async function worker() {
  while (tasks.length > 0) {
    const task = tasks.pop();
    try {
      await sharp(task.file)
        .rotate()
        .resize(200, 2000, { fit: 'inside', withoutEnlargement: true })
        .toColourspace('srgb')
        .timeout({ seconds: 10 })
        .png({ compressionLevel: 1 })
        .toFile(task.sharp);
    } catch {
      failed += 1;
    }
  }
}
await Promise.all([worker(), worker()]);
if (failed) console.error(`sharp refused ${failed} files`);
