// Bytes and CPU time of PNG files compared with sharp's: node bench/kinds.mjs FOLDER [LEVEL [ROUNDS]]
import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import keenpix from '../lib/sharp/index.cjs';

const [folder, level, rounds = 11] = process.argv.slice(2);
const options = level ? { compressionLevel: Number(level) } : {};
sharp.cache(false);
sharp.concurrency(1);

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

async function measured(make, input, width) {
  const before = cpu();
  const output = await make(input).resize({ width }).png(options).toBuffer();
  return { bytes: output.length, time: cpu() - before };
}

console.log('| kind | size | bytes | sharp | ratio | CPU ms | sharp | ratio |\n|---|---|---|---|---|---|---|---|');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.png'))) {
  const input = readFileSync(`${folder}/${file}`);
  const { width } = await sharp(input).metadata();
  for (const part of [1, 2, 4]) {
    const size = Math.round(width / part);
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      runs.push([await measured(keenpix, input, size), await measured(sharp, input, size)]);
    }
    const [ours, theirs] = [0, 1].map((i) => ({
      bytes: runs[0][i].bytes,
      time: median(runs.map((run) => run[i].time)),
    }));
    const row = [
      file.replace('.png', ''),
      part === 1 ? 'all' : `1/${part}`,
      ours.bytes,
      theirs.bytes,
      (ours.bytes / theirs.bytes).toFixed(3),
      ours.time.toFixed(1),
      theirs.time.toFixed(1),
      (theirs.time / ours.time).toFixed(2),
    ];
    console.log(`| ${row.join(' | ')} |`);
  }
}
