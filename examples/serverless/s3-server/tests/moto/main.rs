//! The handler over moto, an independent S3: `make test-moto`, which installs it and passes its address.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use keenpix::encode::Jpeg;
use keenpix::s3::{Handler, Outcome, Rule};
use keenpix::{Plan, Resize};
use serde_json::{Value, json};

struct Moto(Child);

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn start() -> (Moto, Client) {
    let program = std::env::var("MOTO_SERVER").expect("MOTO_SERVER has to name the program moto_server");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Command::new(program)
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Moto(server);
    let client = keenpix_s3_server::client(&format!("http://127.0.0.1:{port}"), "test", "secret");
    for _ in 0..600 {
        if client.list_buckets().send().await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for bucket in ["uploads", "assets"] {
        client.create_bucket().bucket(bucket).send().await.unwrap();
    }
    (server, client)
}

async fn upload(client: &Client, key: &str, bytes: Vec<u8>, sequencer: &str) -> Value {
    let put = client
        .put_object()
        .bucket("uploads")
        .key(key)
        .body(bytes.into())
        .send()
        .await
        .unwrap();
    let mut object = json!({"key": key, "eTag": put.e_tag().unwrap().trim_matches('"'), "sequencer": sequencer});
    if let Some(version) = put.version_id() {
        object["versionId"] = version.into();
    }
    event("ObjectCreated:Put", &object)
}

fn event(name: &str, object: &Value) -> Value {
    json!({"Records": [{
        "eventVersion": "2.1", "eventName": name,
        "s3": {"bucket": {"name": "uploads"}, "object": object},
    }]})
}

fn handler(client: &Client) -> Handler {
    let plan = Plan::new()
        .with_resize(Resize::new().with_width(16).with_height(16))
        .with_encode(Jpeg::new());
    let rule = Rule::new("assets")
        .with_output("avatars/{name}.jpg", plan)
        .unwrap()
        .with_removal(true)
        .with_ledger("assets", "ledger/", Duration::from_secs(60));
    Handler::new(client.clone(), rule)
}

async fn outcome(handler: &Handler, event: &Value) -> Result<Outcome, &'static str> {
    let mut report = handler.handle_value(event.clone(), None).await;
    report.entries.remove(0).result.map_err(|failure| failure.code())
}

async fn source_of(client: &Client, key: &str) -> Option<String> {
    let head = client.head_object().bucket("assets").key(key).send().await.ok()?;
    head.metadata()?.get("source-etag").cloned()
}

fn photo(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../photos/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[tokio::test]
async fn the_life_of_an_avatar() {
    for versioned in [false, true] {
        let (_server, client) = start().await;
        if versioned {
            let enabled = VersioningConfiguration::builder()
                .status(BucketVersioningStatus::Enabled)
                .build();
            let request = client.put_bucket_versioning().bucket("uploads");
            request.versioning_configuration(enabled).send().await.unwrap();
        }
        let handler = handler(&client);
        let first = upload(&client, "me.jpg", photo("grey.jpg"), "01").await;
        assert_eq!(
            outcome(&handler, &first).await,
            Ok(Outcome::Written(vec!["avatars/me.jpg".into()]))
        );
        assert_eq!(outcome(&handler, &first).await, Ok(Outcome::Current));
        let second = upload(&client, "me.jpg", photo("coffee.png"), "02").await;
        let third = upload(&client, "me.jpg", photo("portrait-orientation-6.jpg"), "03").await;
        outcome(&handler, &third).await.unwrap();
        assert_eq!(outcome(&handler, &second).await, Ok(Outcome::Superseded));
        assert_eq!(outcome(&handler, &first).await, Ok(Outcome::Superseded));
        let newest = third["Records"][0]["s3"]["object"]["eTag"].as_str().unwrap();
        assert_eq!(source_of(&client, "avatars/me.jpg").await.as_deref(), Some(newest));
        let broken = upload(&client, "other.jpg", b"<html>".to_vec(), "04").await;
        assert_eq!(outcome(&handler, &broken).await, Err("NOT_AN_IMAGE"));
        assert_eq!(outcome(&handler, &broken).await, Ok(Outcome::Dead));
        client
            .delete_object()
            .bucket("uploads")
            .key("me.jpg")
            .send()
            .await
            .unwrap();
        let deletion = event("ObjectRemoved:Delete", &json!({"key": "me.jpg", "sequencer": "05"}));
        assert_eq!(
            outcome(&handler, &deletion).await,
            Ok(Outcome::Removed(vec!["avatars/me.jpg".into()]))
        );
        outcome(&handler, &third).await.unwrap();
        assert_eq!(
            source_of(&client, "avatars/me.jpg").await,
            None,
            "versioned: {versioned}"
        );
    }
}
