//! The recorded events that the Node function is tested with: the same events in, the same objects out.

use std::path::{Path, PathBuf};

use keenpix::s3::{Kind, parse_value};
use keenpix_s3_server::{Options, Server};
use process_image::{Config, Function};
use serde_json::Value;

const PHOTO: &[u8] = include_bytes!("../../../../photos/grey.jpg");

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

fn read(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder().join(name)).unwrap()).unwrap()
}

fn config(expected: &Value, case: &Value) -> Config {
    let of = |settings: &Value, name: &str| settings[name].as_str().map(str::to_owned);
    Config::read(|name| of(&case["config"], name).or_else(|| of(&expected["config"], name))).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn every_recorded_event_is_understood_as_expected() {
    let expected = read("expected.json");
    for case in expected["cases"].as_array().unwrap() {
        let name = case["event"].as_str().unwrap();
        let messages = parse_value(read(name));
        let all: Vec<_> = messages
            .iter()
            .flat_map(|message| {
                message
                    .records
                    .iter()
                    .map(move |record| (message.id.as_deref(), record))
            })
            .collect();
        let records: Vec<_> = all
            .iter()
            .filter_map(|(item, record)| Some((item, record.as_ref().ok()?)))
            .collect();
        let wanted = case["records"].as_array().unwrap();
        assert_eq!(records.len(), wanted.len(), "{name}");
        for ((item, record), wanted) in records.into_iter().zip(wanted) {
            assert_eq!(wanted["key"], record.key.as_str(), "{name}");
            assert_eq!(wanted["bucket"], record.bucket.as_str(), "{name}");
            assert_eq!(wanted["item"].as_str(), *item, "{name}");
            assert_eq!(wanted["size"].as_u64(), record.size, "{name}");
            assert_eq!(wanted["etag"].as_str(), record.etag.as_deref(), "{name}");
            assert_eq!(wanted["version"].as_str(), record.version.as_deref(), "{name}");
            assert_eq!(wanted["time"].as_i64(), record.time, "{name}");
            let sequencer = record.sequencer.as_ref().map(|sequencer| sequencer.as_str());
            assert_eq!(
                wanted["sequencer"].as_str().map(str::to_uppercase).as_deref(),
                sequencer,
                "{name}"
            );
            let kind = match (wanted["action"].as_str(), wanted["why"].as_str()) {
                (Some("remove"), _) => Some(Kind::Removed),
                (Some("process"), _) => Some(Kind::Created),
                (_, Some("other-event")) => Some(Kind::Other),
                _ => None,
            };
            assert!(kind.is_none_or(|kind| kind == record.kind), "{name}: {record:?}");
        }
        let failures: Vec<_> = all
            .iter()
            .filter_map(|(item, record)| Some((*item, record.as_ref().err()?.code())))
            .collect();
        let wanted = case["failures"].as_array().into_iter().flatten();
        let wanted: Vec<_> = wanted
            .map(|each| (each["item"].as_str(), each["code"].as_str().unwrap()))
            .collect();
        assert_eq!(failures, wanted, "{name}");
    }
}

#[test]
fn no_recorded_event_is_left_out() {
    let expected = read("expected.json");
    let mut known: Vec<_> = expected["cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|case| case["event"].as_str())
        .collect();
    let files = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<_> = files
        .filter(|name| name.ends_with(".json") && name != "expected.json")
        .collect();
    files.sort();
    known.sort_unstable();
    assert_eq!(files, known);
}

/// Runs each event over a real server that has its objects, and expects their outputs afterwards.
#[tokio::test]
async fn every_recorded_event_writes_the_expected_objects() {
    let expected = read("expected.json");
    for case in expected["cases"].as_array().unwrap() {
        let (name, records) = (case["event"].as_str().unwrap(), case["records"].as_array().unwrap());
        let server = Server::start(Options::default()).await.unwrap();
        let store = server.store();
        store.create_bucket("assets.example.com");
        let mut event = read(name).to_string();
        for record in records {
            let (bucket, key) = (record["bucket"].as_str().unwrap(), record["key"].as_str().unwrap());
            store.create_bucket(bucket);
            if record["action"] == "process" {
                let etag = store.put(bucket, key, PHOTO).unwrap().etag.unwrap();
                // The recorded ETag and version belong to another photo.
                for (field, value) in [("etag", etag.as_str()), ("version", "null")] {
                    if let Some(recorded) = record[field].as_str() {
                        event = event.replace(recorded, value);
                    }
                }
            }
        }
        let function = Function::new(server.client(), config(&expected, case));
        let answer = function.handle(serde_json::from_str(&event).unwrap(), None).await;
        let refused = records.iter().any(|record| record["action"] == "refuse");
        let failures = case["failures"].as_array().map_or(0, Vec::len);
        match case["envelope"].as_str() {
            Some("sqs") => assert_eq!(
                answer.unwrap()["batchItemFailures"].as_array().unwrap().len(),
                failures,
                "{name}"
            ),
            _ => assert_eq!(answer.is_err(), refused || failures > 0, "{name}: {answer:?}"),
        }
        let of = |action: &'static str| records.iter().filter(move |record| record["action"] == action);
        let mut outputs: Vec<&str> = of("process").flat_map(|record| texts(&record["outputs"])).collect();
        outputs.sort_unstable();
        outputs.dedup();
        let written = store.list("assets.example.com", "");
        let sources: Vec<_> = of("process")
            .filter(|record| record["bucket"] == "assets.example.com")
            .collect();
        let written = written
            .iter()
            .filter(|(key, _)| !sources.iter().any(|source| source["key"] == key.as_str()));
        let written: Vec<&str> = written.map(|(key, _)| key.as_str()).collect();
        assert_eq!(written, outputs, "{name}");
    }
}

#[tokio::test]
async fn a_status_says_what_became_of_an_upload() {
    let server = Server::start(Options::default()).await.unwrap();
    let store = server.store();
    store.create_bucket("uploads");
    store.create_bucket("assets");
    let settings = |name: &str| match name {
        "DEST_BUCKET_NAME" => Some("assets".to_owned()),
        "WRITE_STATUS" => Some("true".to_owned()),
        _ => None,
    };
    let function = Function::new(server.client(), Config::read(settings).unwrap());
    let status =
        || -> Value { serde_json::from_slice(&store.get("assets", "avatars/me.json").unwrap().bytes).unwrap() };
    let photo = store.put("uploads", "me.jpg", PHOTO).unwrap();
    function.handle(photo.to_json(), None).await.unwrap();
    assert_eq!(
        (&status()["state"], &status()["files"][0]["key"]),
        (&"ready".into(), &"avatars/me.jpg".into())
    );
    assert_eq!(status()["source"]["etag"], photo.etag.unwrap());
    let text = store.put("uploads", "me.jpg", "<html>").unwrap();
    assert_eq!(
        function.handle(text.to_json(), None).await.unwrap_err().code(),
        "NOT_AN_IMAGE"
    );
    assert_eq!(
        (&status()["state"], &status()["code"]),
        (&"rejected".into(), &"NOT_AN_IMAGE".into())
    );
}

/// The tests of the Node function read it too.
#[test]
fn wrong_settings_are_refused_by_name() {
    let cases: Value = serde_json::from_str(include_str!("../../wrong-settings.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let settings = &case["settings"];
        let refusal = Config::read(|name| settings[name].as_str().map(str::to_owned)).unwrap_err();
        let refusal = refusal.to_string();
        for word in texts(&case["says"]) {
            assert!(refusal.contains(word), "{settings}: {refusal}");
        }
    }
}
