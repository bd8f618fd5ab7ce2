//! The S3 of the stack: files in a folder, strict signatures, CORS for the page, and events.

mod cors;
mod event;
mod store;

pub(crate) use event::notification;
pub(crate) use store::{Change, Store};

use std::path::Path;
use std::sync::Arc;

use hyper::{Method, Request, Response, StatusCode};
use s3s::Body;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;

use crate::net;

const ID: &str = "AKIALOCALSTACK";

/// Who may sign requests: the functions and the programs of this machine.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Keys {
    /// Reads the keys of the last run, so that its URLs hold, or writes new ones: in the form that AWS's own programs read.
    pub(crate) fn open(file: &Path, secret: impl FnOnce() -> String) -> std::io::Result<Self> {
        if let Some(secret) = std::fs::read_to_string(file).ok().as_deref().and_then(secret_of) {
            return Ok(Keys {
                id: ID.into(),
                secret: secret.to_owned(),
            });
        }
        let secret = secret();
        std::fs::write(
            file,
            format!("[default]\naws_access_key_id = {ID}\naws_secret_access_key = {secret}\n"),
        )?;
        Ok(Keys { id: ID.into(), secret })
    }
}

fn secret_of(text: &str) -> Option<&str> {
    text.lines()
        .find_map(|line| line.strip_prefix("aws_secret_access_key = "))
}

/// Serves a store. Pages of `origin` may put and post, those of any other may not even ask.
pub(crate) fn serve(listener: TcpListener, store: Store, keys: &Keys, origin: String) {
    let mut builder = S3ServiceBuilder::new(store);
    builder.set_auth(SimpleAuth::from_single(keys.id.clone(), keys.secret.clone()));
    let service = builder.build();
    let rule = Arc::new(cors::Rule::new(origin));
    net::serve(listener, move |request: Request<hyper::body::Incoming>| {
        let (service, rule) = (service.clone(), rule.clone());
        async move {
            let origin = net::text_header(request.headers(), "origin").map(str::to_owned);
            if request.method() == Method::OPTIONS {
                return rule.preflight(&request);
            }
            let mut response = match service.call(request.map(Body::from)).await {
                Ok(response) => response,
                Err(error) => failed(&format!("{error:?}")),
            };
            rule.mark(origin.as_deref(), response.headers_mut());
            response
        }
    });
}

fn failed(reason: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(reason.to_owned()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
