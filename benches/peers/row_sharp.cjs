// The runner for sharp, and for anything with its interface: `row_sharp.cjs [--module NAME] …`. The rest of the command
// line is described in benches/src/runner.rs.
'use strict';

const fs = require('node:fs');

const args = process.argv.slice(2);
const name = args[0] === '--module' ? args.splice(0, 2)[1] : 'sharp';

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function main() {
  let report = {};
  let version;
  if (args[0] !== '--empty') {
    const sharp = require(name);
    sharp.cache(false);
    sharp.concurrency(1);
    version = name === 'sharp' ? `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}` : name;
    if (args[0] !== '--load') report = await measure(sharp, ...args);
  }
  console.log(JSON.stringify({ ...report, version, peak_kb: peakKb() }));
}

async function measure(sharp, path, plansPath, iterations, prefix) {
  const bytes = fs.readFileSync(path);
  const plans = JSON.parse(fs.readFileSync(plansPath, 'utf8'));
  const work = async () => {
    const outputs = [];
    for (const plan of plans) outputs.push(await convert(sharp, bytes, plan));
    return outputs;
  };
  for (const [index, output] of (await work()).entries()) fs.writeFileSync(`${prefix}-${index}`, output);
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  for (let n = 0; n < Number(iterations); n++) await work();
  const { user, system } = process.cpuUsage(cpu);
  const nanoseconds = Number(process.hrtime.bigint() - wall);
  const each = Math.max(Number(iterations), 1);
  return { cpu_ms: (user + system) / 1e3 / each, wall_ms: nanoseconds / 1e6 / each };
}

function convert(sharp, bytes, { resize, encode: { format, ...options } }) {
  return sharp(bytes).autoOrient().resize(resize).toFormat(format, options).toBuffer();
}

function peakKb() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return null;
  }
}
