use serde_json::json;

use super::*;

fn s3(name: &str, key: &str) -> Value {
    json!({
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-west-1", "eventName": name,
        "eventTime": "2024-05-01T10:00:00.000Z", "userIdentity": {"principalId": "A"}, "future": [1, 2],
        "s3": {
            "s3SchemaVersion": "1.0", "configurationId": "x",
            "bucket": {"name": "uploads", "ownerIdentity": {"principalId": "A"}, "arn": "arn:aws:s3:::uploads"},
            "object": {"key": key, "size": 7, "eTag": "abc", "versionId": "v1", "sequencer": "0055AED6DCD90281E5"},
        },
    })
}

fn one(event: Value) -> Record {
    let mut messages = parse_value(event);
    assert_eq!(messages.len(), 1);
    let mut records = messages.remove(0).records;
    assert_eq!(records.len(), 1);
    records.remove(0).unwrap()
}

#[test]
fn an_s3_record_is_read_and_unknown_fields_are_ignored() {
    let record = one(json!({"Records": [s3("ObjectCreated:Put", "a.jpg")]}));
    assert_eq!(
        record,
        Record {
            kind: Kind::Created,
            name: "ObjectCreated:Put".into(),
            bucket: "uploads".into(),
            key: "a.jpg".into(),
            size: Some(7),
            etag: Some("abc".into()),
            version: Some("v1".into()),
            sequencer: Some(Sequencer::new("0055AED6DCD90281E5")),
            time: Some(1_714_557_600_000),
        }
    );
}

#[test]
fn the_time_of_an_event_has_milliseconds_and_may_be_missing() {
    let time = |text: Value| {
        let mut record = s3("ObjectCreated:Put", "a.jpg");
        record["eventTime"] = text;
        one(json!({"Records": [record]})).time
    };
    assert_eq!(time(json!("1970-01-01T00:00:01.234Z")), Some(1234));
    assert_eq!(time(json!("1970-01-01T00:00:01Z")), Some(1000));
    assert_eq!((time(json!("yesterday")), time(Value::Null)), (None, None));
}

#[test]
fn every_minor_version_is_read_and_another_major_one_is_not() {
    for version in ["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.17"] {
        let mut record = s3("ObjectCreated:Put", "a.jpg");
        record["eventVersion"] = version.into();
        assert_eq!(one(json!({"Records": [record]})).key, "a.jpg", "{version}");
    }
    let mut record = s3("ObjectCreated:Put", "a.jpg");
    record["eventVersion"] = "3.0".into();
    let failure = parse_value(json!({"Records": [record]}))
        .remove(0)
        .records
        .remove(0)
        .unwrap_err();
    assert_eq!(failure.code(), "BAD_EVENT");
    assert!(failure.to_string().contains("3.0"), "{failure}");
}

#[test]
fn keys_are_form_decoded_once() {
    for (encoded, key) in [
        ("plain.jpg", "plain.jpg"),
        ("my+photo.jpg", "my photo.jpg"),
        ("1%2B1.jpg", "1+1.jpg"),
        ("a%252Bb.jpg", "a%2Bb.jpg"),
        ("%E5%86%99%E7%9C%9F/%C3%BC.jpg", "写真/ü.jpg"),
        ("100%.jpg", "100%.jpg"),
        ("%zz%4", "%zz%4"),
    ] {
        assert_eq!(
            one(json!({"Records": [s3("ObjectCreated:Put", encoded)]})).key,
            key,
            "{encoded}"
        );
    }
    let latin1 = parse_value(json!({"Records": [s3("ObjectCreated:Put", "%FC.jpg")]}));
    assert_eq!(latin1[0].records[0].as_ref().unwrap_err().code(), "BAD_EVENT");
}

#[test]
fn kinds_go_by_the_event_name() {
    for (name, kind) in [
        ("ObjectCreated:Copy", Kind::Created),
        ("s3:ObjectCreated:CompleteMultipartUpload", Kind::Created),
        ("ObjectRemoved:Delete", Kind::Removed),
        ("ObjectRemoved:DeleteMarkerCreated", Kind::Removed),
        ("LifecycleExpiration:Delete", Kind::Removed),
        ("ObjectTagging:Put", Kind::Other),
        ("ObjectRestore:Completed", Kind::Other),
    ] {
        assert_eq!(one(json!({"Records": [s3(name, "a")]})).kind, kind, "{name}");
    }
}

#[test]
fn the_test_event_has_no_records() {
    let event = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"});
    assert_eq!(parse_value(event.clone())[0].records, []);
    let in_sqs = json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": event.to_string()}]});
    assert_eq!(parse_value(in_sqs)[0].records, []);
}

#[test]
fn a_batch_keeps_its_message_ids_and_a_bad_message_stays_alone() {
    let body = json!({"Records": [s3("ObjectCreated:Put", "a"), s3("ObjectCreated:Put", "b")]}).to_string();
    let messages = parse_value(json!({"Records": [
        {"eventSource": "aws:sqs", "messageId": "m1", "body": body},
        {"eventSource": "aws:sqs", "messageId": "m2", "body": "{"},
        {"eventSource": "aws:sqs", "messageId": "m3"},
    ]}));
    assert_eq!(
        messages.iter().map(|m| m.id.as_deref()).collect::<Vec<_>>(),
        [Some("m1"), Some("m2"), Some("m3")]
    );
    assert_eq!(messages[0].records.iter().filter(|record| record.is_ok()).count(), 2);
    assert!(messages[1].records[0].is_err() && messages[2].records[0].is_err());
}

#[test]
fn a_bad_record_stays_alone_among_others() {
    let event = json!({"Records": [{"what": 1}, s3("ObjectCreated:Put", "a"), 7]});
    let records = parse_value(event).remove(0).records;
    assert_eq!(
        records.iter().map(Result::is_ok).collect::<Vec<_>>(),
        [false, true, false]
    );
}

#[test]
fn envelopes_open_in_any_order() {
    let inner = json!({"Records": [s3("ObjectCreated:Put", "my+a.jpg")]}).to_string();
    let in_sns = json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Message": inner}}]});
    assert_eq!(one(in_sns).key, "my a.jpg");
    let notification = json!({"Type": "Notification", "TopicArn": "arn", "Message": inner}).to_string();
    let in_sqs = json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": notification}]});
    assert_eq!(one(in_sqs).key, "my a.jpg");
}

#[test]
fn eventbridge_keys_are_not_encoded() {
    let event = |name: &str| {
        json!({
            "version": "0", "detail-type": name, "source": "aws.s3", "time": "2021-11-12T00:00:00Z",
            "detail": {"version": "0", "bucket": {"name": "uploads"}, "reason": "PutObject",
                "object": {"key": "a+b%20c.jpg", "size": 5, "etag": "b1946", "version-id": "v7", "sequencer": "617f08"}},
        })
    };
    let record = one(event("Object Created"));
    assert_eq!((record.kind, record.key.as_str()), (Kind::Created, "a+b%20c.jpg"));
    assert_eq!(
        (record.etag.as_deref(), record.version.as_deref()),
        (Some("b1946"), Some("v7"))
    );
    assert_eq!(one(event("Object Deleted")).kind, Kind::Removed);
    assert_eq!(one(event("Object Tags Added")).kind, Kind::Other);
    let body = event("Object Created").to_string();
    let in_sqs = json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": body}]});
    assert_eq!(one(in_sqs).key, "a+b%20c.jpg");
}

#[test]
fn what_is_no_notification_says_so() {
    let mut nested = "{}".to_owned();
    for _ in 0..10 {
        nested = json!({"Type": "Notification", "Message": nested}).to_string();
    }
    for event in [
        "",
        "null",
        "[]",
        "{}",
        "{\"Records\": [{}]}",
        "{\"Records\": [7]}",
        &nested,
    ] {
        let failure = parse(event).remove(0).records.remove(0).unwrap_err();
        assert_eq!(failure.code(), "BAD_EVENT", "{event}");
    }
}
