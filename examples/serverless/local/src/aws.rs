//! The two other AWS services that functions call: CloudFront for invalidations, and SQS for rejected uploads.

use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::cdn::Cdn;
use crate::delivery::DeadLetters;
use crate::net::{self, Reply, collect, reply, text_header};

const LARGEST: usize = 1 << 20;

/// Serves both on one port; the request shows which one is meant.
pub(crate) fn serve(listener: TcpListener, cdn: Cdn, dead: DeadLetters) {
    net::serve(listener, move |request| {
        let (cdn, dead) = (cdn.clone(), dead.clone());
        async move { answer(request, &cdn, &dead).await }
    });
}

async fn answer(request: Request<Incoming>, cdn: &Cdn, dead: &DeadLetters) -> Reply {
    let post = request.method() == Method::POST;
    let invalidation = request.uri().path().ends_with("/invalidation");
    let message = text_header(request.headers(), "x-amz-target") == Some("AmazonSQS.SendMessage");
    let Ok(body) = collect(request.into_body(), LARGEST).await else {
        return reply(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "");
    };
    let body = String::from_utf8_lossy(&body);
    match (post, invalidation, message) {
        (true, true, _) => invalidate(&body, cdn),
        (true, _, true) => send_message(&body, dead),
        _ => reply(StatusCode::NOT_FOUND, "text/plain", ""),
    }
}

fn invalidate(body: &str, cdn: &Cdn) -> Reply {
    let (Some(reference), paths) = (elements(body, "CallerReference").pop(), elements(body, "Path")) else {
        return reply(StatusCode::BAD_REQUEST, "text/plain", "");
    };
    let items: String = paths
        .iter()
        .map(|path| format!("<Path>{}</Path>", escaped(path)))
        .collect();
    let answer = format!(
        "<?xml version=\"1.0\"?><Invalidation xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>I{}</Id>\
         <Status>Completed</Status><CreateTime>2025-01-01T00:00:00Z</CreateTime><InvalidationBatch><Paths>\
         <Quantity>{}</Quantity><Items>{items}</Items></Paths><CallerReference>{}</CallerReference></InvalidationBatch></Invalidation>",
        reference.get(..13).unwrap_or(&reference).to_uppercase(),
        paths.len(),
        escaped(&reference),
    );
    cdn.invalidate(&reference, paths);
    reply(StatusCode::CREATED, "text/xml", answer)
}

fn send_message(body: &str, dead: &DeadLetters) -> Reply {
    let request: Value = serde_json::from_str(body).unwrap_or_default();
    let Some(text) = request["MessageBody"].as_str() else {
        return reply(StatusCode::BAD_REQUEST, "text/plain", "");
    };
    dead.push(serde_json::from_str(text).unwrap_or_else(|_| json!(text)));
    let digest: String = Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut answer = reply(
        StatusCode::OK,
        "application/x-amz-json-1.0",
        json!({ "MessageId": format!("{}-local", &digest[..8]), "MD5OfMessageBody": digest }).to_string(),
    );
    answer
        .headers_mut()
        .insert("x-amzn-requestid", hyper::header::HeaderValue::from_static("local"));
    answer
}

/// The texts of all elements with a name. The SDK writes these documents, without attributes there.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let inside = |part: &str| part.split(&close).next().map(unescaped);
    xml.split(&open).skip(1).filter_map(inside).collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_and_unescaped() {
        let xml = "<A><Items><Path>/a&amp;b</Path><Path>/c</Path></Items></A>";
        assert_eq!(elements(xml, "Path"), ["/a&b", "/c"]);
        assert!(elements(xml, "None").is_empty());
    }
}
