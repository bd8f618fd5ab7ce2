//! The server: HTTP around the protocol, with CORS and faults.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use s3s::auth::{SecretKey, SimpleAuth};
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::cors::Cors;
use crate::fault::{Call, Fault, Hook, Paced};
use crate::multipart::Uploads;
use crate::protocol::Protocol;
use crate::store::Store;

/// Options of a [`Server`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Its contents. Default: an empty store in memory.
    pub store: Store,
    /// The port on 127.0.0.1. Default: 0, a free one.
    pub port: u16,
    /// Access keys and their secrets. Default: `test` and `secret`.
    pub keys: HashMap<String, String>,
    /// Which web pages may use it. Default: none.
    pub cors: Option<Cors>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            store: Store::new(),
            port: 0,
            keys: HashMap::from([("test".into(), "secret".into())]),
            cors: None,
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
    cors: Option<Cors>,
    hook: RwLock<Option<Hook>>,
    count: AtomicU64,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("cors", &self.cors)
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
            cors: options.cors,
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

    /// Its contents.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Access keys and their secrets.
    pub fn keys(&self) -> &HashMap<String, String> {
        &self.keys
    }

    /// Sets a hook that chooses what happens to each request.
    pub fn set_hook<F: Future<Output = Fault> + Send + 'static>(
        &self,
        hook: impl Fn(Call) -> F + Send + Sync + 'static,
    ) {
        let hook: Hook = Arc::new(move |call| Box::pin(hook(call)));
        *self.shared.hook.write().unwrap_or_else(PoisonError::into_inner) = Some(hook);
    }

    /// Removes the hook: all requests are answered normally again.
    pub fn clear_hook(&self) {
        *self.shared.hook.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How many requests have arrived.
    pub fn requests(&self) -> u64 {
        self.shared.count.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new(); // stopped when this task drops it
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let shared = shared.clone();
        connections.spawn(async move {
            // Small responses must not wait for earlier ones to be acknowledged.
            let _ = stream.set_nodelay(true);
            let service = service_fn(move |request| answer(shared.clone(), request));
            let mut http = hyper::server::conn::http1::Builder::new();
            // Errors are connections closed by a client or a fault.
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
    if let (Some(cors), &Method::OPTIONS) = (&shared.cors, request.method()) {
        return Ok(cors.preflight(&request).map(whole));
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
    if let Some(cors) = &shared.cors {
        cors.mark(origin.as_ref(), response.headers_mut());
    }
    Ok(response)
}

fn whole(bytes: Bytes) -> Answer {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

fn error(status: u16, code: &str) -> Response<Answer> {
    let xml = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>as asked</Message></Error>");
    let mut response = Response::new(whole(xml.into()));
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
