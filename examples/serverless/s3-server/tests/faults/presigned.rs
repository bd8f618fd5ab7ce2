//! Uploads signed by the SDK are accepted, and refused once anything in them is changed. (`../presigned` does the same
//! with boto3.)

use std::time::{Duration, SystemTime};

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::presigning::PresigningConfig;
use keenpix_s3_server::{Options, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::server::start;

const TYPE: &str = "image/png";

/// Sends a request without a client library; returns the whole response as text.
pub(crate) async fn raw(server: &Server, head: &str, body: &str) -> String {
    let address = server.endpoint().replace("http://", "");
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let length = body.len();
    let request = format!("{head}\r\nHost: {address}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A signed URL without its host.
async fn url(server: &Server, put: PutObjectFluentBuilder, config: PresigningConfig) -> String {
    let request = put.presigned(config).await.unwrap();
    request.uri().replace(&server.endpoint(), "")
}

fn put(server: &Server, key: &str) -> PutObjectFluentBuilder {
    server
        .client()
        .put_object()
        .bucket("uploads")
        .key(key)
        .content_type(TYPE)
}

fn for_a_minute() -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_secs(60)).unwrap()
}

async fn accepted(server: &Server, url: &str, kind: &str, body: &str) -> bool {
    let answer = raw(server, &format!("PUT {url} HTTP/1.1\r\nContent-Type: {kind}"), body).await;
    let status = answer.get(9..12).unwrap_or_default();
    assert!(["200", "403"].contains(&status), "{answer}");
    status == "200"
}

#[tokio::test]
async fn a_url_is_accepted_and_one_with_anything_else_is_not() {
    let server = start(Options::default()).await;
    let signed = url(&server, put(&server, "me.png"), for_a_minute()).await;
    assert!(accepted(&server, &signed, TYPE, "pixels").await);
    let object = server.store().get("uploads", "me.png").unwrap();
    assert_eq!(
        (&object.bytes[..], object.content_type.as_deref()),
        (&b"pixels"[..], Some(TYPE))
    );
    server.store().delete("uploads", "me.png").unwrap();
    let (head, last) = signed.split_at(signed.len() - 1);
    let other_signature = format!("{head}{}", if last == "0" { "1" } else { "0" });
    for (what, url, kind) in [
        ("another key", signed.replace("me.png", "you.png"), TYPE),
        ("another type", signed.clone(), "text/html"),
        ("another signature", other_signature, TYPE),
        (
            "another time",
            signed.replace("X-Amz-Expires=60", "X-Amz-Expires=600"),
            TYPE,
        ),
        ("no signature", "/uploads/me.png".into(), TYPE),
    ] {
        assert_ne!((url.as_str(), kind), (signed.as_str(), TYPE), "{what}");
        assert!(!accepted(&server, &url, kind, "pixels").await, "{what}");
    }
    assert!(server.store().list("uploads", "").is_empty());
}

#[tokio::test]
async fn a_url_that_has_expired_is_refused() {
    let server = start(Options::default()).await;
    let began = SystemTime::now() - Duration::from_secs(61);
    let config = PresigningConfig::builder()
        .start_time(began)
        .expires_in(Duration::from_secs(60));
    let signed = url(&server, put(&server, "me.png"), config.build().unwrap()).await;
    assert!(!accepted(&server, &signed, TYPE, "pixels").await);
}

#[tokio::test]
async fn a_length_that_is_signed_is_kept() {
    let server = start(Options::default()).await;
    let signed = url(&server, put(&server, "me.png").content_length(6), for_a_minute()).await;
    assert!(signed.contains("content-length"), "{signed}");
    assert!(!accepted(&server, &signed, TYPE, "pixels and more").await);
    assert!(!accepted(&server, &signed, TYPE, "pix").await);
    assert!(accepted(&server, &signed, TYPE, "pixels").await);
}
