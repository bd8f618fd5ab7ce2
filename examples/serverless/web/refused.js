/** A refusal by the page or a server, with its `code`. The wording for users is below. */
export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const WORDS = {
  TYPE: [
    'We can’t use this type of file',
    'Choose a JPEG, PNG, WebP or GIF. HEIC photos have to be exported as JPEG first.',
  ],
  EXTENSION: ['We can’t use this type of file', 'Choose a JPEG, PNG, WebP or GIF.'],
  EMPTY: ['This file is empty', 'It may not have finished copying. Choose it again, or choose another one.'],
  TOO_LARGE: ['This photo is too large', 'Choose a smaller one, or export it at a lower quality.'],
  LIMIT_INPUT_BYTES: ['This photo is too large', 'Choose a smaller one, or export it at a lower quality.'],
  LIMIT_PIXELS: ['This photo has too many pixels', 'Scale it down and try again.'],
  LIMIT_WIDTH: ['This photo has too many pixels', 'Scale it down and try again.'],
  LIMIT_HEIGHT: ['This photo has too many pixels', 'Scale it down and try again.'],
  LIMIT_MEMORY: ['This photo needs too much memory', 'Save it as a plain JPEG and try again.'],
  NOT_AN_IMAGE: ['This file is not a photo', 'It has the name of one, but its content is something else.'],
  BAD_INPUT: ['This photo is damaged', 'Open it in a photo editor, save it again and try once more.'],
  TRUNCATED: ['Part of this photo is missing', 'It may not have finished downloading. Choose the original.'],
  UNSUPPORTED: ['This kind of photo is not supported yet', 'Save it as a plain JPEG or PNG and try again.'],
  EXPIRED: [
    'The upload took too long to start',
    'The upload link is valid for five minutes. Try again to get a new one.',
    true,
  ],
  STORAGE: ['The photo could not be stored', 'Try again in a moment.', true],
  NETWORK: ['The connection was lost', 'Check your network and try again. Nothing is lost.', true],
  NO_ANSWER: [
    'This is taking longer than expected',
    'Your photo has arrived and may still be processing. Check back in a minute, or try again.',
    true,
  ],
  SIGNED_OUT: ['You have been signed out', 'Sign in again to continue.'],
  SIGN_IN: ['Sign-in failed', 'Try again in a moment.', true],
};

/** An error as users see it: `{ title, text, code, again }`. */
export function explain(error) {
  const code = error.code ?? error.name ?? 'UNKNOWN';
  const [title, text, again = false] = WORDS[code] ?? ['Something went wrong', 'Try again in a moment.', true];
  return { title, text, again, code: [code, error.message].filter(Boolean).join(': ') };
}
