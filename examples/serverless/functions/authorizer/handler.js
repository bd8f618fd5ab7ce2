'use strict';

/**
 * The authorizer of an HTTP API, payload format 2.0 with simple responses.
 *
 * It denies unless a verifier accepts the token: a missing token, another kind of token and an internal fault all give
 * the same response.
 */
function createHandler({ verifier, log = console }) {
  return async function authorize(event) {
    const token = bearerToken(event);
    if (!token) return deny(log, 'no bearer token');
    try {
      const { sub } = await verifier.verify(token);
      if (typeof sub !== 'string' || sub === '') return deny(log, 'no subject');
      return { isAuthorized: true, context: { sub } };
    } catch (error) {
      // Only the name, because messages and properties of these errors contain parts of the token.
      return deny(log, error?.name ?? 'unknown error');
    }
  };
}

function bearerToken(event) {
  const header = event?.identitySource?.[0] ?? event?.headers?.authorization;
  if (typeof header !== 'string') return undefined;
  return /^Bearer +([^\s]+)$/i.exec(header.trim())?.[1];
}

function deny(log, reason) {
  log.info(JSON.stringify({ message: 'denied', reason }));
  return { isAuthorized: false };
}

module.exports = { createHandler };
