//! The CDN: CloudFront's invalidations and its managed policies CachingOptimized and SimpleCORS.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use keenpix_s3_server::{Object, Store};
use tokio::net::TcpListener;

use crate::net::{self, Reply, text_header};

/// CachingOptimized keeps an object without `Cache-Control` for a day, and everything for at least a second.
const DEFAULT: Duration = Duration::from_secs(86_400);
const LEAST: Duration = Duration::from_secs(1);

/// A distribution in front of a bucket. Clones share the cache.
#[derive(Clone)]
pub(crate) struct Cdn {
    store: Store,
    bucket: String,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    cache: HashMap<String, Cached>,
    /// Caller references and their paths, in order.
    invalidations: Vec<(String, Vec<String>)>,
}

#[derive(Clone)]
struct Cached {
    since: Instant,
    keep: Duration,
    headers: HeaderMap,
    body: Bytes,
}

impl Cdn {
    pub(crate) fn new(store: Store, bucket: &str) -> Self {
        Cdn {
            store,
            bucket: bucket.to_owned(),
            shared: Arc::default(),
        }
    }

    pub(crate) fn serve(&self, listener: TcpListener) {
        let cdn = self.clone();
        net::serve(listener, move |request| {
            let cdn = cdn.clone();
            async move { cdn.answer(&request) }
        });
    }

    /// Invalidates paths; a star at the end is a wildcard. A repeated reference is the same invalidation.
    pub(crate) fn invalidate(&self, reference: &str, paths: Vec<String>) {
        let mut shared = self.shared();
        if shared.invalidations.iter().any(|(known, _)| known == reference) {
            return;
        }
        shared.cache.retain(|path, _| {
            !paths.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(start) => path.starts_with(start),
                None => path == wanted,
            })
        });
        shared.invalidations.push((reference.to_owned(), paths));
    }

    pub(crate) fn invalidations(&self) -> Vec<(String, Vec<String>)> {
        self.shared().invalidations.clone()
    }

    fn answer(&self, request: &Request<Incoming>) -> Reply {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return status(StatusCode::METHOD_NOT_ALLOWED);
        }
        // The query string is not part of the cache key.
        let path = request.uri().path();
        let (found, hit) = match self.cached(path) {
            Some(found) => (Some(found), true),
            None => (self.fetch(path), false),
        };
        let mut reply = match found {
            None => status(StatusCode::NOT_FOUND),
            Some(found) => from_cache(&found, request),
        };
        let headers = reply.headers_mut();
        headers.insert(
            "x-cache",
            HeaderValue::from_static(if hit {
                "Hit from cloudfront"
            } else {
                "Miss from cloudfront"
            }),
        );
        if request.headers().contains_key(header::ORIGIN) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        reply
    }

    fn cached(&self, path: &str) -> Option<Cached> {
        let shared = self.shared();
        let found = shared.cache.get(path)?;
        (found.since.elapsed() < found.keep).then(|| {
            let mut found = found.clone();
            found
                .headers
                .insert(header::AGE, HeaderValue::from(found.since.elapsed().as_secs()));
            found
        })
    }

    fn fetch(&self, path: &str) -> Option<Cached> {
        let key = decoded(path.strip_prefix('/')?)?;
        let before = self.shared().invalidations.len();
        let object = self.store.get(&self.bucket, &key)?;
        let found = Cached {
            since: Instant::now(),
            keep: lifetime(object.cache_control.as_deref()),
            headers: headers_of(&object),
            body: object.bytes,
        };
        let mut shared = self.shared();
        // An object read before an invalidation may be the one it invalidates.
        if shared.invalidations.len() == before {
            shared.cache.insert(path.to_owned(), found.clone());
        }
        Some(found)
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn from_cache(found: &Cached, request: &Request<Incoming>) -> Reply {
    let known = text_header(request.headers(), "if-none-match").map(|tag| tag.trim_start_matches("W/").as_bytes());
    let same = known.is_some() && known == found.headers.get(header::ETAG).map(HeaderValue::as_bytes);
    let length = found.body.len();
    let mut reply = match (same, request.method()) {
        (true, _) => status(StatusCode::NOT_MODIFIED),
        (false, &Method::HEAD) => status(StatusCode::OK),
        (false, _) => Response::new(Full::new(found.body.clone())),
    };
    *reply.headers_mut() = found.headers.clone();
    if !same {
        reply
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    reply
}

/// The headers that S3 sends with an object, including its metadata.
fn headers_of(object: &Object) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let etag = format!("\"{}\"", object.etag);
    let named = [
        (header::CONTENT_TYPE, object.content_type.as_deref()),
        (header::CACHE_CONTROL, object.cache_control.as_deref()),
        (header::ETAG, Some(etag.as_str())),
    ];
    for (name, value) in named {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    for (name, value) in &object.metadata {
        let name = HeaderName::try_from(format!("x-amz-meta-{name}"));
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    headers
}

/// `s-maxage` counts for a CDN, then `max-age`.
fn lifetime(control: Option<&str>) -> Duration {
    let Some(control) = control else { return DEFAULT };
    let directives: Vec<_> = control.split(',').map(str::trim).collect();
    if directives
        .iter()
        .any(|one| ["no-cache", "no-store", "private"].contains(one))
    {
        return LEAST;
    }
    let seconds = |name: &str| {
        let value = directives
            .iter()
            .find_map(|one| one.strip_prefix(name)?.strip_prefix('='))?;
        value.parse().ok().map(Duration::from_secs)
    };
    seconds("s-maxage")
        .or_else(|| seconds("max-age"))
        .map_or(DEFAULT, |time| time.max(LEAST))
}

fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let (digits, tail) = tail.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = tail;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

fn status(code: StatusCode) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::new()));
    *reply.status_mut() = code;
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_what_a_shared_cache_is_told() {
        let seconds = |control| lifetime(control).as_secs();
        assert_eq!(seconds(Some("public, max-age=0, s-maxage=60, must-revalidate")), 60);
        assert_eq!(seconds(Some("max-age=5")), 5);
        assert_eq!(seconds(Some("max-age=0")), 1);
        assert_eq!(seconds(Some("no-cache")), 1);
        assert_eq!(seconds(None), 86_400);
    }

    #[test]
    fn paths_are_decoded() {
        assert_eq!(decoded("a%20b/%C3%BC.jpg").as_deref(), Some("a b/ü.jpg"));
        assert_eq!(decoded("100%"), None);
        assert_eq!(decoded("%FF"), None);
    }
}
