//! The identity of the demo user: keys made at start, tokens in Cognito's form, and the address of the public key.

use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use crate::net::AnyError;

pub(crate) const POOL: &str = "us-east-1_local";
pub(crate) const CLIENT: &str = "avatars";
const SUBJECT: &str = "demo-user";
const LIFETIME: u64 = 3600;

/// A user pool with one user.
pub(crate) struct Identity {
    key: SigningKey,
}

impl Identity {
    pub(crate) fn new() -> Result<Self, AnyError> {
        let mut random = std::fs::File::open("/dev/urandom")?;
        loop {
            let mut secret = [0; 32];
            random.read_exact(&mut secret)?;
            // One in 2³² numbers of this length is too large for the curve's order.
            if let Ok(key) = SigningKey::from_slice(&secret) {
                return Ok(Identity { key });
            }
        }
    }

    /// Forty unguessable letters and digits: part of a signature.
    pub(crate) fn secret(&self) -> String {
        let signature: Signature = self.key.sign(b"credentials");
        URL_SAFE_NO_PAD
            .encode(signature.to_bytes())
            .replace(['-', '_'], "x")
            .chars()
            .take(40)
            .collect()
    }

    /// The public key as a JWK set (RFC 7517).
    pub(crate) fn keys(&self) -> Value {
        let point = self.key.verifying_key().to_encoded_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "local",
            "x": coordinate(point.x()), "y": coordinate(point.y()),
        }] })
    }

    /// What the page gets when the demo user signs in.
    pub(crate) fn sign_in(&self) -> Value {
        let expires = now() + LIFETIME;
        json!({ "sub": SUBJECT, "name": "Demo User", "token": self.token(expires), "expires": expires * 1000 })
    }

    /// An access token of the demo user (RFC 7515, compact).
    pub(crate) fn token(&self, expires: u64) -> String {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(json!({ "alg": "ES256", "kid": "local", "typ": "JWT" }));
        let claims = part(json!({
            "iss": format!("https://cognito-idp.us-east-1.amazonaws.com/{POOL}"),
            "sub": SUBJECT, "client_id": CLIENT, "token_use": "access", "username": "demo",
            "iat": now().min(expires), "exp": expires,
        }));
        let signed = format!("{header}.{claims}");
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Verifier;

    use super::*;

    #[test]
    fn tokens_are_signed_with_the_key_that_is_shown() {
        let identity = Identity::new().unwrap();
        let token = identity.token(now() + 60);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        identity
            .key
            .verifying_key()
            .verify(signed.as_bytes(), &signature)
            .unwrap();
        assert_eq!(identity.keys()["keys"][0]["x"].as_str().unwrap().len(), 43);
    }
}
