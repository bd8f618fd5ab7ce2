//! The HTTP API: two routes, a Lambda authorizer before one of them, payload format 2.0.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::lambda::Function;
use crate::net::{self, Reply, collect, text_header};

const UPLOAD: &str = "/avatars/key_upload";
/// API Gateway's limit on a request.
const LARGEST: usize = 10 << 20;
const CACHED: Duration = Duration::from_secs(300);

#[derive(Clone)]
struct Api {
    authorizer: Function,
    presign: Function,
    /// The authorizer's response to a header, for five minutes.
    known: Arc<Mutex<HashMap<String, (Instant, Value)>>>,
}

pub(crate) fn serve(listener: TcpListener, authorizer: Function, presign: Function) {
    let api = Api {
        authorizer,
        presign,
        known: Arc::default(),
    };
    net::serve(listener, move |request| {
        let api = api.clone();
        async move { api.answer(request).await }
    });
}

impl Api {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        let (route, key) = match (request.method(), request.uri().path()) {
            (&Method::OPTIONS, _) => ("OPTIONS", "OPTIONS /{proxy+}"),
            (&Method::POST, UPLOAD) => ("POST", "POST /avatars/key_upload"),
            _ => return message(StatusCode::NOT_FOUND, "Not Found"),
        };
        let (parts, body) = request.into_parts();
        let Ok(body) = collect(body, LARGEST).await else {
            return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long");
        };
        let mut event = payload(key, &parts.method, parts.uri.path(), parts.uri.query(), &parts.headers);
        if route == "POST" {
            match self.authorized(&event, &parts.headers).await {
                Ok(context) => event["requestContext"]["authorizer"] = json!({ "lambda": context }),
                Err(refusal) => return refusal,
            }
        }
        add_body(&mut event, &body);
        match self.presign.invoke(&event).await {
            Ok(answer) => from_function(&answer),
            Err(_) => message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        }
    }

    /// The authorizer's context, or API Gateway's error response: 401 without a header, 403 if the authorizer denies.
    async fn authorized(&self, event: &Value, headers: &HeaderMap) -> Result<Value, Reply> {
        let Some(token) = text_header(headers, "authorization") else {
            return Err(message(StatusCode::UNAUTHORIZED, "Unauthorized"));
        };
        let answer = match self.remembered(token) {
            Some(answer) => answer,
            None => {
                let mut question = event.clone();
                question["type"] = json!("REQUEST");
                question["routeArn"] =
                    json!("arn:aws:execute-api:us-east-1:123456789012:local/$default/POST/avatars/key_upload");
                question["identitySource"] = json!([token]);
                let answer = match self.authorizer.invoke(&question).await {
                    Ok(answer) => answer,
                    Err(_) => return Err(message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")),
                };
                self.known().insert(token.to_owned(), (Instant::now(), answer.clone()));
                answer
            }
        };
        match answer["isAuthorized"] {
            Value::Bool(true) => Ok(answer["context"].clone()),
            _ => Err(message(StatusCode::FORBIDDEN, "Forbidden")),
        }
    }

    fn remembered(&self, token: &str) -> Option<Value> {
        let mut known = self.known();
        known.retain(|_, (since, _)| since.elapsed() < CACHED);
        known.get(token).map(|(_, answer)| answer.clone())
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, Value)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn payload(route: &str, method: &Method, path: &str, query: Option<&str>, headers: &HeaderMap) -> Value {
    let headers: serde_json::Map<_, _> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), json!(String::from_utf8_lossy(value.as_bytes()))))
        .collect();
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query.unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": "127.0.0.1",
            "http": { "method": method.as_str(), "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1" },
            "routeKey": route,
            "stage": "$default",
        },
        "isBase64Encoded": false,
    })
}

fn add_body(event: &mut Value, body: &Bytes) {
    if body.is_empty() {
        return;
    }
    match std::str::from_utf8(body) {
        Ok(text) => event["body"] = json!(text),
        Err(_) => {
            event["body"] = json!(STANDARD.encode(body));
            event["isBase64Encoded"] = json!(true);
        }
    }
}

/// A function's response; one without `statusCode` becomes the body of a 200.
fn from_function(answer: &Value) -> Reply {
    let Some(status) = answer["statusCode"].as_u64() else {
        return net::json(StatusCode::OK, answer);
    };
    let body = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"].as_bool() {
        Some(true) => STANDARD.decode(body).unwrap_or_default(),
        _ => body.as_bytes().to_vec(),
    };
    let mut reply = Response::new(Full::new(Bytes::from(body)));
    *reply.status_mut() = u16::try_from(status)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        let name = HeaderName::try_from(name.as_str());
        let value = HeaderValue::try_from(value.as_str().unwrap_or_default());
        if let (Ok(name), Ok(value)) = (name, value) {
            reply.headers_mut().insert(name, value);
        }
    }
    reply
}

fn message(status: StatusCode, text: &str) -> Reply {
    net::json(status, &json!({ "message": text }))
}
