'use strict';

const { compareSequencers } = require('./sequencer');

/** The source was not looked at; null stands for one that is gone. */
const UNSEEN = Symbol('unseen');

/**
 * What to do next: a pure function of the event, the source and what lies where the outputs go (`slots`). The source is
 * the truth; an event only says that a key has changed. It is trusted for one thing: to read the object that it names
 * at once, on condition that it is still that one.
 *
 * `{ done }` with an outcome, `{ look }` at the source, `{ make }` or `{ remove }` some of the slots.
 */
function decide(record, source, slots, id) {
  const ours = (made) => made.id === id;
  if (source === UNSEEN) {
    if (record.kind !== 'created' || record.etag === undefined) return { look: true };
    const made = slots.flatMap((slot) => slot.made ?? []);
    // Written by a later event's function, which looks at the source after its write: nothing to mend. Who rejects
    // writes the status alone, and says nothing of what has come to lie beside it since.
    if (
      made.some((one) => ours(one) && !one.rejected && compareSequencers(one.sequencer, record.sequencer) === 'newer')
    )
      return { done: 'superseded' };
    // Another source's can be compared only with the source's own time. What is made of this very object may have been
    // written too late, by a function that was killed. A version can be read even if it is no longer the newest.
    const lookFirst = ({ made, plan }) =>
      made && (!ours(made) || record.version !== undefined || (made.sourceEtag === record.etag && made.plan === plan));
    return slots.some(lookFirst) ? { look: true } : { make: slots };
  }
  if (source === null) {
    const left = slots.filter(({ made }) => made && ours(made));
    return left.length > 0 ? { remove: left } : { done: 'vanished' };
  }
  const fits = ({ made, plan }) =>
    made && ours(made) && !made.rejected && made.sourceEtag === source.etag && made.plan === plan;
  const wrong = slots.filter((slot) => !isAnothers(slot, source, id) && !fits(slot));
  if (wrong.length > 0) return { make: wrong };
  return { done: isAbout(record, source) ? 'current' : 'superseded' };
}

/** Whether an event is about this object: then the object's fate is the event's. */
function isAbout(record, source) {
  return record.kind === 'created' && (record.etag === undefined || record.etag === source.etag);
}

/**
 * Whether what lies here belongs to another source, which is the later one: in the same second, either, but always the
 * same.
 */
function isAnothers({ made }, source, id) {
  return (
    made?.id !== undefined &&
    made.id !== id &&
    (made.modified > source.modified || (made.modified === source.modified && made.id > id))
  );
}

/**
 * Whether the status lies here and says that this very upload was rejected. The same bytes uploaded again are another
 * try.
 */
function rejects({ output, made, plan }, source, id) {
  return (
    output === undefined &&
    made?.rejected === true &&
    made.id === id &&
    made.sourceEtag === source.etag &&
    made.modified === source.modified &&
    made.plan === plan
  );
}

module.exports = { UNSEEN, decide, isAbout, isAnothers, rejects };
