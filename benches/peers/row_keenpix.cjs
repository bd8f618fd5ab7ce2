// The runner for keenpix's npm package. The command line is described in benches/src/runner.rs.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const args = process.argv.slice(2);

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function main() {
  let report = {};
  let version;
  if (args[0] !== '--empty') {
    const folder = path.join(__dirname, '..', '..', 'bindings-node');
    const keenpix = require(path.join(folder, 'lib', 'index.cjs'));
    version = `keenpix ${require(path.join(folder, 'package.json')).version}, Node ${process.versions.node}`;
    if (args[0] !== '--load') report = await measure(keenpix, ...args);
  }
  console.log(JSON.stringify({ ...report, version, peak_kb: peakKb() }));
}

async function measure({ transformMany }, input, plansPath, iterations, prefix) {
  const bytes = fs.readFileSync(input);
  const plans = JSON.parse(fs.readFileSync(plansPath, 'utf8'));
  for (const [index, image] of (await transformMany(bytes, plans)).entries())
    fs.writeFileSync(`${prefix}-${index}`, image.bytes);
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  for (let n = 0; n < Number(iterations); n++) await transformMany(bytes, plans);
  const { user, system } = process.cpuUsage(cpu);
  const nanoseconds = Number(process.hrtime.bigint() - wall);
  const each = Math.max(Number(iterations), 1);
  return { cpu_ms: (user + system) / 1e3 / each, wall_ms: nanoseconds / 1e6 / each };
}

function peakKb() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return null;
  }
}
