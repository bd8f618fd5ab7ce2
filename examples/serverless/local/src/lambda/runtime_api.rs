//! The four routes of Lambda's Runtime API, which runtime clients poll.

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{Failure, Function};
use crate::net::{Reply, collect, json as reply_json};

const BASE: &str = "/2018-06-01/runtime/";
/// Lambda's own limit on a function's response is 6 MB.
const LARGEST: usize = 6 << 20;

pub(super) async fn answer(function: Function, request: Request<Incoming>) -> Reply {
    let path = request.uri().path().to_owned();
    let Some(route) = path.strip_prefix(BASE) else {
        return refused(StatusCode::NOT_FOUND);
    };
    let parts: Vec<_> = route.split('/').collect();
    match (request.method(), parts.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => next(&function).await,
        (&Method::POST, ["invocation", id, "response"]) => {
            let id = (*id).to_owned();
            finish(&function, &id, request, Ok).await
        }
        (&Method::POST, ["invocation", id, "error"]) => {
            let id = (*id).to_owned();
            finish(&function, &id, request, |report| Err(Failure::from_report(&report))).await
        }
        (&Method::POST, ["init", "error"]) => {
            let report = body(request).await.unwrap_or_default();
            eprint(&function, &Failure::from_report(&report));
            accepted()
        }
        _ => refused(StatusCode::NOT_FOUND),
    }
}

async fn next(function: &Function) -> Reply {
    let Some((id, payload, deadline)) = function.next().await else {
        return refused(StatusCode::GONE);
    };
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-deadline-ms", deadline.to_string())
        .header(
            "lambda-runtime-invoked-function-arn",
            format!("arn:aws:lambda:us-east-1:123456789012:function:{}", function.name()),
        )
        .header(
            "lambda-runtime-trace-id",
            "Root=1-00000000-000000000000000000000000;Sampled=0",
        )
        .body(Full::new(payload))
        .unwrap_or_else(|_| refused(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn finish(
    function: &Function,
    id: &str,
    request: Request<Incoming>,
    outcome: impl FnOnce(Value) -> super::Outcome,
) -> Reply {
    let outcome = match body(request).await {
        Some(answer) => outcome(answer),
        None => Err(Failure::new(
            "Function.ResponseSizeTooLarge",
            "the response is not JSON, or is longer than 6 MB",
        )),
    };
    // The result is ignored: a client whose time was up can't do anything about it.
    function.finish(id, outcome);
    accepted()
}

/// An empty response is null.
async fn body(request: Request<Incoming>) -> Option<Value> {
    let bytes = collect(request.into_body(), LARGEST).await.ok()?;
    if bytes.is_empty() {
        return Some(Value::Null);
    }
    serde_json::from_slice(&bytes).ok()
}

fn accepted() -> Reply {
    reply_json(StatusCode::ACCEPTED, &json!({ "status": "OK" }))
}

fn refused(status: StatusCode) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::new()));
    *reply.status_mut() = status;
    reply
}

fn eprint(function: &Function, failure: &Failure) {
    crate::say(&format!(
        "{}: can not start: {}: {}",
        function.name(),
        failure.kind,
        failure.message
    ));
}
