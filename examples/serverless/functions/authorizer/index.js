'use strict';

const { CognitoJwtVerifier } = require('aws-jwt-verify');
const { SimpleJwksCache } = require('aws-jwt-verify/jwk');
const { createHandler } = require('./handler');

// Made once per sandbox, because the verifier keeps the pool's keys from call to call.
const verifier = CognitoJwtVerifier.create(
  {
    userPoolId: process.env.USER_POOL_ID,
    clientId: process.env.CLIENT_ID,
    tokenUse: 'access',
  },
  keysFrom(process.env.JWKS_URL),
);

exports.handler = createHandler({ verifier });

/** The pool's own keys, or those of another address: the local stack has no Cognito. */
function keysFrom(url) {
  if (!url) return undefined;
  const fetchKeys = async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  };
  return { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) };
}
