'use strict';

const { compareSequencers } = require('./sequencer');

/** The source has not been looked at, because the event names no object to read; null stands for one that is gone. */
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
  if (source === UNSEEN) return { look: true };
  if (source === null) {
    const left = slots.filter(({ made }) => made && ours(made));
    return left.length > 0 ? { remove: left } : { done: 'vanished' };
  }
  const anothers = (slot) => isAnothers(slot, source, id);
  const wrong = slots.filter((slot) => !anothers(slot) && !fits(slot, source.etag, id));
  if (wrong.length > 0) return { make: wrong };
  return { done: isAbout(record, source) && !slots.some(anothers) ? 'current' : 'superseded' };
}

/** Whether this was made from an object, with the plan that it should be made with. */
function fits({ made, plan }, etag, id) {
  return made?.id === id && !made.rejected && made.sourceEtag === etag && made.plan === plan;
}

/** Whether this tells of an object, be it that it was rejected. */
function isOf({ made }, etag, id) {
  return made?.id === id && made.sourceEtag === etag;
}

/**
 * Whether a later event's function wrote this. It looks at the source after its write, so that nothing is left to do. A
 * function that rejects writes only the status, which says nothing about outputs written since.
 */
function isAfter({ made }, record, id) {
  return made?.id === id && !made.rejected && compareSequencers(made.sequencer, record.sequencer) === 'newer';
}

/** Whether an event is about this object: then the object's fate is the event's. */
function isAbout(record, source) {
  return record.kind === 'created' && (record.etag === undefined || record.etag === source.etag);
}

/**
 * Whether what is stored here belongs to another source that is later. What is known to the second only leaves its
 * output to another source of that second: its own event knows better. Of the same millisecond either may count as
 * later, but always the same one.
 */
function isAnothers({ made }, source, id) {
  if (made?.id === undefined || made.id === id) return false;
  if (source.time === undefined) return made.modified >= source.modified;
  if (made.time === undefined) return made.modified > source.modified;
  return made.time > source.time || (made.time === source.time && made.id > id);
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

module.exports = { UNSEEN, decide, fits, isAbout, isAfter, isAnothers, isOf, rejects };
