//! The web page, its configuration, and the sign-in of the demo user.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::cdn::Cdn;
use crate::delivery::DeadLetters;
use crate::identity::{Identity, now};
use crate::net::{self, Reply, reply};

/// What the page server needs from the other parts.
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    pub(crate) config: Value,
    pub(crate) policy: String,
    pub(crate) identity: Identity,
    pub(crate) cdn: Cdn,
    pub(crate) dead: DeadLetters,
}

pub(crate) fn serve(listener: TcpListener, site: Arc<Site>) {
    net::serve(listener, move |request: Request<Incoming>| {
        let site = site.clone();
        async move {
            let mut reply = site.answer(&request).await;
            let headers = reply.headers_mut();
            headers.insert("cache-control", HeaderValue::from_static("no-cache"));
            headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
            headers.insert("referrer-policy", HeaderValue::from_static("no-referrer"));
            if let Ok(policy) = HeaderValue::from_str(&site.policy) {
                headers.insert("content-security-policy", policy);
            }
            reply
        }
    });
}

impl Site {
    async fn answer(&self, request: &Request<Incoming>) -> Reply {
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::POST, "/sign-in") => self.sign_in(request.uri().query()),
            (&Method::GET, "/config.json") => net::json(StatusCode::OK, &self.config),
            (&Method::GET, "/.well-known/jwks.json") => net::json(StatusCode::OK, &self.identity.keys()),
            (&Method::GET, "/local/state.json") => net::json(StatusCode::OK, &self.state()),
            (&Method::GET, "/") => self.file("index.html").await,
            (&Method::GET, _) => self.file(path.trim_start_matches('/')).await,
            _ => reply(StatusCode::METHOD_NOT_ALLOWED, "text/plain", ""),
        }
    }

    /// The demo user has no password. `lifetime=-60` asks for a token that expired a minute ago.
    fn sign_in(&self, query: Option<&str>) -> Reply {
        let lifetime = query
            .and_then(|query| query.strip_prefix("lifetime="))
            .and_then(|text| text.parse().ok());
        let mut user = self.identity.sign_in();
        if let Some(lifetime) = lifetime {
            let expires = now().saturating_add_signed(lifetime);
            user["token"] = json!(self.identity.token(expires));
            user["expires"] = json!(expires * 1000);
        }
        net::json(StatusCode::OK, &user)
    }

    /// Internals that AWS doesn't show: for the curious, and for tests.
    fn state(&self) -> Value {
        let invalidations: Vec<_> = self
            .cdn
            .invalidations()
            .into_iter()
            .map(|(reference, paths)| json!({ "reference": reference, "paths": paths }))
            .collect();
        json!({ "invalidations": invalidations, "deadLetters": self.dead.all() })
    }

    async fn file(&self, name: &str) -> Reply {
        let kind = match Path::new(name).extension().and_then(|extension| extension.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => return reply(StatusCode::NOT_FOUND, "text/plain", ""),
        };
        // The page is a single folder.
        if name.contains(['/', '\\', '%']) || name.starts_with('.') {
            return reply(StatusCode::NOT_FOUND, "text/plain", "");
        }
        match tokio::fs::read(self.folder.join(name)).await {
            Ok(bytes) => reply(StatusCode::OK, kind, bytes),
            Err(_) => reply(StatusCode::NOT_FOUND, "text/plain", ""),
        }
    }
}
