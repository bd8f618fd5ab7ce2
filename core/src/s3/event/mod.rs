//! Parses notifications: S3's own, and those inside SQS, SNS and EventBridge.

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat as Format};
use serde::Deserialize;
use serde_json::Value;

use super::report::Failure;
use super::sequence::Sequencer;

/// One message of an invocation: a whole S3, SNS or EventBridge notification, or one message of an SQS batch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Message {
    /// The SQS `messageId` to report it by; `None` if the notification came another way.
    pub id: Option<String>,
    /// The records, or why one of them, or the whole message, can't be parsed.
    pub records: Vec<Result<Record, Failure>>,
}

/// One thing that happened to one object.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// What happened.
    pub kind: Kind,
    /// The event's name, as S3 spells it: `ObjectCreated:Put`, or EventBridge's `Object Created`.
    pub name: String,
    /// The bucket.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
    /// The object's size in bytes; missing if the object was removed.
    pub size: Option<u64>,
    /// The object's ETag without quotes; missing if the object was removed.
    pub etag: Option<String>,
    /// The version, if the bucket is versioned.
    pub version: Option<String>,
    /// The position of the event among those of the same key.
    pub sequencer: Option<Sequencer>,
    /// When it happened, in milliseconds since 1970: the order of events of different keys.
    pub time: Option<i64>,
}

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// It was written: put, posted, copied, or completed in parts.
    Created,
    /// It was deleted, by a request or a lifecycle rule, or hidden by a delete marker.
    Removed,
    /// Something that doesn't change any pixels: tags, access rules, a change of storage class.
    Other,
}

/// Parses an invocation's event, as passed by Lambda, in any of the envelopes.
///
/// Envelopes may be nested (S3 in SNS in SQS). Unknown fields are ignored; `s3:TestEvent` has no records. A message in
/// an SQS batch that can't be parsed is one failed message, not a failed batch; the same goes for a single record.
///
/// ```
/// use keenpix::s3::{Kind, parse};
///
/// let messages = parse(r#"{"Records": [{
///     "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
///     "s3": {"bucket": {"name": "uploads"},
///            "object": {"key": "my+photo%2B1.jpg", "size": 1024, "eTag": "d41d8", "sequencer": "0A1B2C"}}
/// }]}"#);
/// let record = messages[0].records[0].as_ref().unwrap();
/// assert_eq!((record.kind, record.key.as_str()), (Kind::Created, "my photo+1.jpg"));
/// ```
pub fn parse(event: &str) -> Vec<Message> {
    match serde_json::from_str::<Value>(event) {
        Ok(event) => parse_value(event),
        Err(error) => vec![Message {
            id: None,
            records: bad(format!("not JSON: {error}")),
        }],
    }
}

/// Like [`parse`], for an event that is already parsed JSON.
pub fn parse_value(event: Value) -> Vec<Message> {
    let Some(batch) = event
        .get("Records")
        .and_then(Value::as_array)
        .filter(|batch| is_sqs(batch))
    else {
        return vec![Message {
            id: None,
            records: notification(event, NESTING),
        }];
    };
    batch
        .iter()
        .map(|message| Message {
            id: message.get("messageId").and_then(Value::as_str).map(str::to_owned),
            records: embedded(message, "body", NESTING),
        })
        .collect()
}

/// S3 in EventBridge in SNS in SQS makes three; nothing real is deeper.
const NESTING: u32 = 4;

fn is_sqs(batch: &[Value]) -> bool {
    batch
        .first()
        .is_some_and(|message| message.get("eventSource").and_then(Value::as_str) == Some("aws:sqs"))
}

/// The notification in a field, as text.
fn embedded(envelope: &Value, field: &str, depth: u32) -> Vec<Result<Record, Failure>> {
    let Some(depth) = depth.checked_sub(1) else {
        return bad("envelopes are nested too deeply");
    };
    let Some(text) = envelope.get(field).and_then(Value::as_str) else {
        return bad(format!("`{field}` is missing"));
    };
    match serde_json::from_str(text) {
        Ok(value) => notification(value, depth),
        Err(error) => bad(format!("`{field}` is not JSON: {error}")),
    }
}

fn notification(value: Value, depth: u32) -> Vec<Result<Record, Failure>> {
    if let Some(records) = value.get("Records").and_then(Value::as_array) {
        let read = |record: &Value| match record.get("Sns") {
            Some(sns) => embedded(sns, "Message", depth),
            None => vec![
                S3Record::deserialize(record)
                    .map_err(|error| Failure::bad_event(format!("not an S3 record: {error}")))
                    .and_then(S3Record::read),
            ],
        };
        return records.iter().flat_map(read).collect();
    }
    if value.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Vec::new();
    }
    if value.get("Type").and_then(Value::as_str) == Some("Notification") {
        return embedded(&value, "Message", depth); // SNS, delivered to SQS
    }
    if value.get("source").and_then(Value::as_str) == Some("aws.s3") {
        let event = Bridged::deserialize(&value)
            .map_err(|error| Failure::bad_event(format!("not an EventBridge event of S3: {error}")));
        return vec![event.and_then(Bridged::read)];
    }
    bad("expected a notification of S3, SQS, SNS or EventBridge")
}

fn bad(reason: impl Into<String>) -> Vec<Result<Record, Failure>> {
    vec![Err(Failure::bad_event(reason))]
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct S3Record {
    #[serde(default)]
    event_version: Option<String>,
    #[serde(default)]
    event_time: Option<String>,
    event_name: String,
    s3: S3Part,
}

#[derive(Deserialize)]
struct S3Part {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

/// The names in S3's notifications and, where they differ, in EventBridge's.
#[derive(Deserialize)]
struct Object {
    key: String,
    size: Option<u64>,
    #[serde(alias = "eTag")]
    etag: Option<String>,
    #[serde(alias = "versionId", alias = "version-id")]
    version: Option<String>,
    sequencer: Option<String>,
}

impl S3Record {
    fn read(self) -> Result<Record, Failure> {
        // "The major version is incremented if Amazon S3 makes a change … that isn't backward compatible."
        let version = self.event_version.as_deref().unwrap_or("2.0");
        if version != "2" && !version.starts_with("2.") {
            return Err(Failure::bad_event(format!(
                "expected event version 2.x, came {version}"
            )));
        }
        let name = self
            .event_name
            .strip_prefix("s3:")
            .unwrap_or(&self.event_name)
            .to_owned();
        let kind = match name.split_once(':').map_or(name.as_str(), |(kind, _)| kind) {
            "ObjectCreated" => Kind::Created,
            "ObjectRemoved" | "LifecycleExpiration" => Kind::Removed,
            _ => Kind::Other,
        };
        let key = form_decode(&self.s3.object.key)?;
        let time = self.event_time.as_deref().and_then(millis);
        record(kind, name, time, self.s3.bucket, Object { key, ..self.s3.object })
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html>; its keys are not encoded.
#[derive(Deserialize)]
struct Bridged {
    #[serde(rename = "detail-type")]
    name: String,
    #[serde(default)]
    time: Option<String>,
    detail: S3Part,
}

impl Bridged {
    fn read(self) -> Result<Record, Failure> {
        let kind = match self.name.as_str() {
            "Object Created" => Kind::Created,
            "Object Deleted" => Kind::Removed,
            _ => Kind::Other,
        };
        let time = self.time.as_deref().and_then(millis);
        record(kind, self.name, time, self.detail.bucket, self.detail.object)
    }
}

fn record(kind: Kind, name: String, time: Option<i64>, bucket: Bucket, object: Object) -> Result<Record, Failure> {
    if bucket.name.is_empty() || object.key.is_empty() {
        return Err(Failure::bad_event("the bucket or the key is empty"));
    }
    Ok(Record {
        kind,
        name,
        bucket: bucket.name,
        key: object.key,
        size: object.size,
        etag: object
            .etag
            .map(|etag| etag.trim_matches('"').to_owned())
            .filter(|etag| !etag.is_empty()),
        version: object
            .version
            .filter(|version| !version.is_empty() && version != "null"),
        sequencer: object.sequencer.map(Sequencer::new),
        time,
    })
}

/// The milliseconds since 1970 of a time as S3 writes it: `1970-01-01T00:00:00.000Z`.
fn millis(text: &str) -> Option<i64> {
    let time = DateTime::from_str(text, Format::DateTime).ok()?;
    time.to_millis().ok()
}

/// `application/x-www-form-urlencoded`, as S3 writes keys: a space is `+`, a plus `%2B`, the rest UTF-8 as `%XX`.
fn form_decode(key: &str) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(first),
        }
    }
    String::from_utf8(bytes).map_err(|_| Failure::bad_event(format!("the key is not UTF-8: {key}")))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests;
