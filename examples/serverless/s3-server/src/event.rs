//! Notifications, in the forms that S3 and the services between it and a function give them.

use serde_json::{Value, json};

/// Something that happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `ObjectCreated:Put`, `:Post`, `:Copy`, `:CompleteMultipartUpload`, `ObjectRemoved:Delete` or
    /// `:DeleteMarkerCreated`.
    pub name: &'static str,
    /// The bucket.
    pub bucket: String,
    /// The key, not encoded.
    pub key: String,
    /// The size, in bytes; 0 if removed.
    pub size: u64,
    /// The ETag, without quotes; `None` if removed.
    pub etag: Option<String>,
    /// The version, in a versioned bucket.
    pub version: Option<String>,
    /// Increases with every event of the server; hexadecimal.
    pub sequencer: String,
    /// The time, in milliseconds since 1970.
    pub time: i64,
}

impl Event {
    /// The notification that S3 sends to Lambda, SQS and SNS.
    pub fn to_json(&self) -> Value {
        json!({"Records": [self.record()]})
    }

    /// One of the `Records`.
    pub fn record(&self) -> Value {
        let mut object = json!({"key": form_encoded(&self.key), "sequencer": self.sequencer});
        if let Some(etag) = &self.etag {
            object["size"] = self.size.into();
            object["eTag"] = etag.as_str().into();
        }
        if let Some(version) = &self.version {
            object["versionId"] = version.as_str().into();
        }
        json!({
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "us-east-1",
            "eventTime": self.time_text(),
            "eventName": self.name,
            "userIdentity": {"principalId": "AWS:EXAMPLE"},
            "requestParameters": {"sourceIPAddress": "127.0.0.1"},
            "responseElements": {"x-amz-request-id": self.sequencer, "x-amz-id-2": self.sequencer},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "local",
                "bucket": {
                    "name": self.bucket,
                    "ownerIdentity": {"principalId": "EXAMPLE"},
                    "arn": format!("arn:aws:s3:::{}", self.bucket),
                },
                "object": object,
            },
        })
    }

    /// The event that S3 sends to EventBridge.
    pub fn to_eventbridge(&self) -> Value {
        let created = self.name.starts_with("ObjectCreated");
        let mut object = json!({"key": self.key, "sequencer": self.sequencer});
        if let Some(etag) = &self.etag {
            object["size"] = self.size.into();
            object["etag"] = etag.as_str().into();
        }
        if let Some(version) = &self.version {
            object["version-id"] = version.as_str().into();
        }
        json!({
            "version": "0",
            "id": self.sequencer,
            "detail-type": if created { "Object Created" } else { "Object Deleted" },
            "source": "aws.s3",
            "account": "123456789012",
            "time": self.time_text(),
            "region": "us-east-1",
            "resources": [format!("arn:aws:s3:::{}", self.bucket)],
            "detail": {
                "version": "0",
                "bucket": {"name": self.bucket},
                "object": object,
                "request-id": self.sequencer,
                "requester": "123456789012",
                "reason": if created { "PutObject" } else { "DeleteObject" },
            },
        })
    }

    fn time_text(&self) -> String {
        let time = s3s::dto::Timestamp::from(
            std::time::UNIX_EPOCH + std::time::Duration::from_millis(self.time.max(0) as u64),
        );
        let mut text = Vec::new();
        // Writing to a Vec fails only for years that this clock won't reach.
        let _ = time.format(s3s::dto::TimestampFormat::DateTime, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}

/// A batch of SQS messages as Lambda delivers it, from the id and body of each.
pub fn in_sqs(messages: &[(String, String)]) -> Value {
    let records = messages.iter().map(|(id, body)| {
        json!({
            "messageId": id,
            "receiptHandle": id,
            "body": body,
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:uploads",
            "awsRegion": "us-east-1",
        })
    });
    json!({"Records": records.collect::<Vec<_>>()})
}

/// A notification inside SNS, as Lambda receives it.
pub fn in_sns(notification: &Value) -> Value {
    json!({"Records": [{
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": "arn:aws:sns:us-east-1:123456789012:uploads:1",
        "Sns": {"Type": "Notification", "MessageId": "1", "Subject": "Amazon S3 Notification", "Message": notification.to_string()},
    }]})
}

/// Encodes a key as S3 does in notifications: a space becomes `+`.
fn form_encoded(key: &str) -> String {
    let mut encoded = String::new();
    for byte in key.bytes() {
        match byte {
            b' ' => encoded.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
