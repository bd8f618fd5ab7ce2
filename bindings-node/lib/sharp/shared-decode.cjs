'use strict';

// One decode for the outputs of clones that are requested at the same time.

const native = require('./native.cjs');

/** Like a native transform. Jobs of one family, over the same bytes with the same options, become one call. */
function transform(family, bytes, plan, options) {
  if (family.members === 1 || options.signal)
    return native.transformMany(bytes, [plan], options).then(([image]) => image);
  return new Promise((resolve, reject) => {
    // Clones that were called together arrive here in the same turn: by the next tick all of them are here.
    if (family.jobs.length === 0) process.nextTick(flush, family);
    const key = JSON.stringify([plan.input, plan.tolerate, options.deadline, options.limits]);
    family.jobs.push({ bytes, key, plan, options, resolve, reject });
  });
}

function flush(family) {
  const jobs = family.jobs.splice(0);
  while (jobs.length > 0) {
    const { bytes, key } = jobs[0];
    const together = jobs.filter((job) => job.bytes === bytes && job.key === key);
    for (const job of together) jobs.splice(jobs.indexOf(job), 1);
    run(bytes, together);
  }
}

async function run(bytes, jobs) {
  try {
    const images = await native.transformMany(
      bytes,
      jobs.map((job) => job.plan),
      jobs[0].options,
    );
    for (const [i, job] of jobs.entries()) job.resolve(images[i]);
  } catch (error) {
    if (jobs.length === 1) jobs[0].reject(error);
    // One failing output fails the whole call. Run each alone, so that the others succeed and the error is its own.
    else for (const job of jobs) run(bytes, [job]);
  }
}

module.exports = { transform };
