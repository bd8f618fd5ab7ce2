//! The server: HTTP around the protocol, with CORS and faults.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use s3s::auth::{SecretKey, SimpleAuth};
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::fault::{Call, Fault, Hook, Paced};
use crate::multipart::Uploads;
use crate::protocol::Protocol;
use crate::store::Store;

/// How a [`Server`] is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// What lies in it. Default: an empty store in memory.
    pub store: Store,
    /// The port on 127.0.0.1. Default: 0, a free one.
    pub port: u16,
    /// Access keys and their secrets. Default: `test` and `secret`.
    pub keys: HashMap<String, String>,
    /// The origins of web pages that may use it. Default: none.
    pub origins: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            store: Store::new(),
            port: 0,
            keys: HashMap::from([("test".into(), "secret".into())]),
            origins: Vec::new(),
        }
    }
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    store: Store,
    keys: HashMap<String, String>,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    service: S3Service,
    origins: Vec<String>,
    hook: RwLock<Option<Hook>>,
    count: AtomicU64,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server in the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port can't be bound.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let protocol = Protocol {
            store: options.store.clone(),
            uploads: Uploads::default(),
        };
        let mut builder = S3ServiceBuilder::new(protocol);
        let mut auth = SimpleAuth::new();
        for (key, secret) in &options.keys {
            auth.register(key.clone(), SecretKey::from(secret.as_str()));
        }
        builder.set_auth(auth);
        let shared = Arc::new(Shared {
            service: builder.build(),
            origins: options.origins,
            hook: RwLock::new(None),
            count: AtomicU64::new(0),
        });
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        Ok(Server {
            address: listener.local_addr()?,
            store: options.store,
            keys: options.keys,
            task: tokio::spawn(serve(listener, shared.clone())),
            shared,
        })
    }

    /// `http://127.0.0.1:port`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What lies in it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// A client with one of the keys (the first in the alphabet), path-style addresses and plain HTTP.
    pub fn client(&self) -> aws_sdk_s3::Client {
        let first = self.keys.iter().min();
        let (key, secret) = first.map_or(("", ""), |(key, secret)| (key, secret));
        client(&self.endpoint(), key, secret)
    }

    /// A client with this access key.
    pub fn client_of(&self, key: &str) -> aws_sdk_s3::Client {
        client(&self.endpoint(), key, self.keys.get(key).map_or("", String::as_str))
    }

    /// Asks `hook` before every request what it meets.
    pub fn set_hook<F: Future<Output = Fault> + Send + 'static>(
        &self,
        hook: impl Fn(Call) -> F + Send + Sync + 'static,
    ) {
        let hook: Hook = Arc::new(move |call| Box::pin(hook(call)));
        *self.shared.hook.write().unwrap_or_else(PoisonError::into_inner) = Some(hook);
    }

    /// Answers every request again.
    pub fn clear_hook(&self) {
        *self.shared.hook.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How many requests have come.
    pub fn requests(&self) -> u64 {
        self.shared.count.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An S3 client for an address: path-style, plain HTTP.
pub fn client(endpoint: &str, key: &str, secret: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .credentials_provider(Credentials::new(key, secret, None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new(); // dropped, and stopped, with this task
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let shared = shared.clone();
        connections.spawn(async move {
            // Small answers must not wait for the acknowledgement of what came before.
            let _ = stream.set_nodelay(true);
            let service = service_fn(move |request| answer(shared.clone(), request));
            let mut http = hyper::server::conn::http1::Builder::new();
            // An error is a connection that a client or a fault has closed.
            let _ = http
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

type Answer = http_body_util::combinators::UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Answer>, std::io::Error> {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let allowed = origin.filter(|origin| {
        shared
            .origins
            .iter()
            .any(|allowed| allowed.as_bytes() == origin.as_bytes())
    });
    if request.method() == Method::OPTIONS {
        let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS);
        return Ok(preflight(allowed, wanted.cloned()));
    }
    let call = call(&request, shared.count.fetch_add(1, Ordering::Relaxed));
    let hook = shared.hook.read().unwrap_or_else(PoisonError::into_inner).clone();
    let fault = match hook {
        Some(hook) => hook(call).await,
        None => Fault::None,
    };
    let closed = || std::io::Error::other("the connection is closed on purpose");
    let mut response = match &fault {
        Fault::Drop => return Err(closed()),
        Fault::Status(status, code) => error(*status, code),
        _ => {
            let answer = shared
                .service
                .call(request.map(Into::into))
                .await
                .map_err(std::io::Error::other)?;
            if fault == Fault::Lose {
                return Err(closed());
            }
            let (head, body) = answer.into_parts();
            let body = match fault {
                Fault::None => body.boxed_unsync(),
                _ => {
                    let bytes = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
                    Paced::new(&bytes, &fault).map_err(Into::into).boxed_unsync()
                }
            };
            Response::from_parts(head, body)
        }
    };
    if let Some(origin) = allowed {
        allow(response.headers_mut(), origin);
    }
    Ok(response)
}

/// What a browser asks before a page may send something.
fn preflight(allowed: Option<HeaderValue>, wanted: Option<HeaderValue>) -> Response<Answer> {
    let mut response = Response::new(Full::default().map_err(|never| match never {}).boxed_unsync());
    match allowed {
        None => *response.status_mut() = StatusCode::FORBIDDEN,
        Some(origin) => {
            *response.status_mut() = StatusCode::NO_CONTENT;
            let headers = response.headers_mut();
            allow(headers, origin);
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_METHODS,
                HeaderValue::from_static("GET, HEAD, PUT, POST"),
            );
            if let Some(wanted) = wanted {
                headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted);
            }
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        }
    }
    response
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
}

fn error(status: u16, code: &str) -> Response<Answer> {
    let xml = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>as asked</Message></Error>");
    let body = Full::new(Bytes::from(xml))
        .map_err(|never| match never {})
        .boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}

fn call(request: &Request<Incoming>, number: u64) -> Call {
    let path = request.uri().path().trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let signature = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let access_key = signature
        .and_then(|text| text.split_once("Credential=")?.1.split_once('/'))
        .map_or("", |(key, _)| key);
    Call {
        method: request.method().as_str().to_owned(),
        bucket: bucket.to_owned(),
        key: percent_decoded(key),
        access_key: access_key.to_owned(),
        number,
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (first, digits) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
