'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { generateKeyPairSync, sign } = require('node:crypto');
const { CognitoJwtVerifier } = require('aws-jwt-verify');
const { createHandler } = require('../handler');

const POOL = 'ca-central-1_example';
const CLIENT = 'client-1';
const ISSUER = `https://cognito-idp.ca-central-1.amazonaws.com/${POOL}`;
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

function authorizer() {
  const logged = [];
  const verifier = CognitoJwtVerifier.create({ userPoolId: POOL, clientId: CLIENT, tokenUse: 'access' });
  verifier.cacheJwks({
    keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }],
  });
  return { logged, handler: createHandler({ verifier, log: { info: (line) => logged.push(line) } }) };
}

function token(claims = {}, { key = keys.privateKey, header = {} } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = [
    part({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header }),
    part({ sub: 'user-1', iss: ISSUER, client_id: CLIENT, token_use: 'access', iat: now, exp: now + 300, ...claims }),
  ].join('.');
  return `${body}.${sign('RSA-SHA256', Buffer.from(body), key).toString('base64url')}`;
}

const request = (authorization) => ({
  version: '2.0',
  type: 'REQUEST',
  identitySource: authorization === undefined ? undefined : [authorization],
  headers: authorization === undefined ? {} : { authorization },
});

test('a good token is let in, and its subject handed on', async () => {
  const { handler } = authorizer();
  const expected = { isAuthorized: true, context: { sub: 'user-1' } };
  assert.deepEqual(await handler(request(`Bearer ${token()}`)), expected);
  assert.deepEqual(await handler(request(`bearer  ${token()}`)), expected);
  assert.deepEqual(await handler({ headers: { authorization: `Bearer ${token()}` } }), expected);
});

const now = Math.floor(Date.now() / 1000);
const refused = {
  'no header': undefined,
  'an empty header': '',
  'no token': 'Bearer ',
  'a token without Bearer': token(),
  'another scheme': `Basic ${token()}`,
  'something behind the token': `Bearer ${token()} x`,
  'no token at all': 'Bearer not-a-token',
  'an expired token': `Bearer ${token({ exp: now - 10, iat: now - 400 })}`,
  'a token that is not valid yet': `Bearer ${token({ nbf: now + 300 })}`,
  "a foreign key's signature": `Bearer ${token({}, { key: foreign.privateKey })}`,
  'an unsigned token': `Bearer ${token({}, { header: { alg: 'none' } }).replace(/[^.]*$/, '')}`,
  'another pool': `Bearer ${token({ iss: `${ISSUER}2` })}`,
  'another client': `Bearer ${token({ client_id: 'client-2' })}`,
  'an id token': `Bearer ${token({ token_use: 'id' })}`,
  'no subject': `Bearer ${token({ sub: undefined })}`,
};
for (const [what, authorization] of Object.entries(refused)) {
  test(`refused: ${what}`, async () => {
    const { handler, logged } = authorizer();
    assert.deepEqual(await handler(request(authorization)), { isAuthorized: false });
    assert.equal(logged.length, 1);
    // Every token begins like this.
    assert.doesNotMatch(logged[0], /eyJ/);
  });
}

test('a fault of the verifier denies', async () => {
  const handler = createHandler({
    verifier: { verify: () => Promise.reject(new Error('keys out of reach')) },
    log: { info() {} },
  });
  assert.deepEqual(await handler(request('Bearer abc')), { isAuthorized: false });
  assert.deepEqual(await handler(undefined), { isAuthorized: false });
});
