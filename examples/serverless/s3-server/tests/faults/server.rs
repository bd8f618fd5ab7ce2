//! The server itself: what its users rely on.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use keenpix_s3_server::{Cors, Options, Server, Store};

use crate::presigned::raw;

pub(crate) async fn start(options: Options) -> Server {
    let server = Server::start(options).await.unwrap();
    server.store().create_bucket("uploads");
    server
}

#[tokio::test]
async fn only_the_pages_origin_may_use_it() {
    let server = start(Options {
        cors: Some(Cors::uploads(["http://127.0.0.1:8000"])),
        ..Options::default()
    })
    .await;
    let ask = |origin: &'static str| {
        let server = &server;
        let head = format!(
            "OPTIONS /uploads/a HTTP/1.1\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: PUT\r\n\
             Access-Control-Request-Headers: content-type"
        );
        async move { raw(server, &head, "").await }
    };
    let allowed = ask("http://127.0.0.1:8000").await;
    assert!(allowed.starts_with("HTTP/1.1 200"), "{allowed}");
    assert!(allowed.contains("access-control-allow-origin: http://127.0.0.1:8000"));
    assert!(allowed.contains("access-control-allow-headers: content-type"));
    let refused = ask("http://evil.example").await;
    assert!(
        refused.starts_with("HTTP/1.1 403") && !refused.contains("allow-origin"),
        "{refused}"
    );
}

#[tokio::test]
async fn conditions_are_kept() {
    let server = start(Options::default()).await;
    let client = server.client();
    let put = || {
        client
            .put_object()
            .bucket("uploads")
            .key("a")
            .body(ByteStream::from_static(b"1"))
    };
    let first = put().if_none_match("*").send().await.unwrap();
    let status = |error: &aws_sdk_s3::error::SdkError<_, _>| {
        error
            .raw_response()
            .map(|raw: &aws_sdk_s3::config::http::HttpResponse| raw.status().as_u16())
    };
    assert_eq!(status(&put().if_none_match("*").send().await.unwrap_err()), Some(412));
    put().if_match(first.e_tag().unwrap()).send().await.unwrap();
    assert_eq!(status(&put().if_match("\"no\"").send().await.unwrap_err()), Some(412));
    let delete = || client.delete_object().bucket("uploads").key("a");
    assert!(delete().if_match("\"no\"").send().await.is_err());
    delete().if_match(first.e_tag().unwrap()).send().await.unwrap();
    let gone = client.get_object().bucket("uploads").key("a").send().await.unwrap_err();
    assert_eq!(gone.code(), Some("NoSuchKey"));
}

#[tokio::test]
async fn events_tell_what_has_happened() {
    let server = start(Options::default()).await;
    server.store().create_versioned_bucket("uploads");
    let mut events = server.store().watch("uploads");
    let client = server.client();
    let at = |key: &str| (client.put_object().bucket("uploads").key(key), client.clone());
    at("a b.png")
        .0
        .body(ByteStream::from_static(b"1"))
        .send()
        .await
        .unwrap();
    client
        .copy_object()
        .bucket("uploads")
        .key("c.png")
        .copy_source("uploads/a%20b.png")
        .send()
        .await
        .unwrap();
    client
        .delete_object()
        .bucket("uploads")
        .key("c.png")
        .send()
        .await
        .unwrap();
    let upload = client
        .create_multipart_upload()
        .bucket("uploads")
        .key("d.png")
        .send()
        .await
        .unwrap();
    let part = client
        .upload_part()
        .bucket("uploads")
        .key("d.png")
        .upload_id(upload.upload_id().unwrap());
    let part = part
        .part_number(1)
        .body(ByteStream::from_static(b"part"))
        .send()
        .await
        .unwrap();
    let parts = CompletedPart::builder()
        .part_number(1)
        .e_tag(part.e_tag().unwrap())
        .build();
    let complete = client.complete_multipart_upload().bucket("uploads").key("d.png");
    let complete = complete.upload_id(upload.upload_id().unwrap());
    let parts = CompletedMultipartUpload::builder().parts(parts).build();
    complete.multipart_upload(parts).send().await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(events.recv().await.unwrap());
    }
    let names: Vec<_> = seen.iter().map(|event| (event.name, event.key.as_str())).collect();
    assert_eq!(
        names,
        [
            ("ObjectCreated:Put", "a b.png"),
            ("ObjectCreated:Copy", "c.png"),
            ("ObjectRemoved:DeleteMarkerCreated", "c.png"),
            ("ObjectCreated:CompleteMultipartUpload", "d.png"),
        ]
    );
    assert!(seen.windows(2).all(|pair| pair[0].sequencer < pair[1].sequencer));
    assert_eq!(seen[0].to_json()["Records"][0]["s3"]["object"]["key"], "a+b.png");
    assert!(server.store().get("uploads", "d.png").unwrap().etag.ends_with("-1"));
}

#[tokio::test]
async fn a_restart_keeps_what_was_there() {
    let folder = std::env::temp_dir().join(format!("keenpix-s3-{}", std::process::id()));
    let options = || Options {
        store: Store::in_folder(&folder).unwrap(),
        ..Options::default()
    };
    let before = {
        let server = start(options()).await;
        let put = server
            .client()
            .put_object()
            .bucket("uploads")
            .key("ü/1.png")
            .metadata("a", "b");
        put.content_type("image/png")
            .body(ByteStream::from_static(b"line\nline"))
            .send()
            .await
            .unwrap();
        server.store().put("uploads", "gone", "x").unwrap();
        server.store().delete("uploads", "gone").unwrap();
        server.store().list("uploads", "")
    };
    let after = start(options()).await.store().list("uploads", "");
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((after.len(), after), (1, before));
}

#[tokio::test]
async fn lists_come_in_pages_and_folders() {
    let server = start(Options::default()).await;
    for key in ["a/1", "a/2", "b", "c/d/e"] {
        server.store().put("uploads", key, "x").unwrap();
    }
    let list = || server.client().list_objects_v2().bucket("uploads");
    let buckets = server.client().list_buckets().send().await.unwrap();
    assert_eq!(buckets.buckets()[0].name(), Some("uploads"));
    assert!(buckets.buckets()[0].creation_date().is_some());
    let page = list().max_keys(3).send().await.unwrap();
    let rest = list()
        .continuation_token(page.next_continuation_token().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!((page.contents().len(), rest.contents().len()), (3, 1));
    let folders = list().delimiter("/").send().await.unwrap();
    let names: Vec<_> = folders
        .common_prefixes()
        .iter()
        .filter_map(|folder| folder.prefix())
        .collect();
    assert_eq!((names, folders.contents().len()), (vec!["a/", "c/"], 1));
}
