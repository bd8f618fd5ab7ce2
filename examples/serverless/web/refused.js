/** Something said no. `code` is what it said; the words for people are below. */
export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const WORDS = {
  TYPE: [
    'This is not a type we can use',
    'Choose a JPEG, PNG, WebP or GIF. Photos in HEIC have to be exported as JPEG first.',
  ],
  EXTENSION: ['This is not a type we can use', 'Choose a JPEG, PNG, WebP or GIF.'],
  EMPTY: ['This file is empty', 'Perhaps it has not finished copying. Choose it again, or choose another one.'],
  TOO_LARGE: ['This photo is too large', 'Choose a smaller one, or export it at a lower quality.'],
  LIMIT_INPUT_BYTES: ['This photo is too large', 'Choose a smaller one, or export it at a lower quality.'],
  LIMIT_PIXELS: ['This photo has too many pixels', 'Scale it down and try again.'],
  LIMIT_WIDTH: ['This photo has too many pixels', 'Scale it down and try again.'],
  LIMIT_HEIGHT: ['This photo has too many pixels', 'Scale it down and try again.'],
  LIMIT_MEMORY: ['This photo needs more memory than an avatar may', 'Save it as a plain JPEG and try again.'],
  NOT_AN_IMAGE: ['This file is no photo', 'Its name says so, but its content is something else.'],
  BAD_INPUT: ['This photo is damaged', 'Open it in a photo program, save it anew and try again.'],
  TRUNCATED: ['Part of this photo is missing', 'It may not have finished downloading. Choose the original.'],
  UNSUPPORTED: ['This kind of photo can not be read yet', 'Save it as a plain JPEG or PNG and try again.'],
  EXPIRED: [
    'The upload took too long to start',
    'Its link is good for five minutes. Try again and you get a new one.',
    true,
  ],
  STORAGE: ['The storage refused the photo', 'Try again in a moment.', true],
  NETWORK: ['The connection broke', 'Check your network and try again; nothing is lost.', true],
  NO_ANSWER: [
    'This takes longer than it should',
    'The photo has arrived and may still be worked on. Look again in a minute, or try again.',
    true,
  ],
  SIGNED_OUT: ['You have been signed out', 'Sign in again to go on.'],
  SIGN_IN: ['Signing in did not work', 'Try again in a moment.', true],
};

/** An error in words: `{ title, text, code, again }`. */
export function explain(error) {
  const code = error.code ?? error.name ?? 'UNKNOWN';
  const [title, text, again = false] = WORDS[code] ?? ['Something went wrong', 'Try again in a moment.', true];
  return { title, text, again, code: [code, error.message].filter(Boolean).join(': ') };
}
