// What a process uses of the system, as opposed to JavaScript's heap.
import { readFileSync } from 'node:fs';

/** A number from /proc/self/status in MB: `VmHWM`, the peak resident memory, or `VmRSS`, the current one. */
export function status(name) {
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1.024e-3;
}

/** User and system time of the process so far, in milliseconds. */
export function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
