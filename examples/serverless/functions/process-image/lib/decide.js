'use strict';

const { compareSequencers } = require('./sequencer');

/** The source has not been looked at; null stands for one that is gone. */
const UNSEEN = Symbol('unseen');

/**
 * What to do next: a pure function of the event, the source and what is stored where the outputs go (`slots`). The
 * source is the truth; an event only says that a key has changed. It is trusted for one thing only: the object that it
 * names may be read at once, on condition that it is still that one.
 *
 * Returns `{ done }` with an outcome, `{ look }` (at the source), or `{ make }` or `{ remove }` with some of the slots.
 */
function decide(record, source, slots, id) {
  const ours = (made) => made.id === id;
  if (source === UNSEEN) {
    if (record.kind !== 'created' || record.etag === undefined) return { look: true };
    const made = slots.flatMap((slot) => slot.made ?? []);
    // Written by a later event's function, which looks at the source after its write: nothing to do here. A function
    // that rejects writes only the status, which says nothing about outputs written since.
    if (
      made.some((one) => ours(one) && !one.rejected && compareSequencers(one.sequencer, record.sequencer) === 'newer')
    )
      return { done: 'superseded' };
    // Another source's output can only be compared with the source's own time. An output made from this very object may
    // have been written too late, by a function that was killed. A version can be read even if it is not the newest.
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
 * Whether what is stored here belongs to another source that is later. Within the same second either may count as
 * later, but always the same one.
 */
function isAnothers({ made }, source, id) {
  return (
    made?.id !== undefined &&
    made.id !== id &&
    (made.modified > source.modified || (made.modified === source.modified && made.id > id))
  );
}

/**
 * Whether this is the status and says that this very upload was rejected. Uploading the same bytes again is another
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
