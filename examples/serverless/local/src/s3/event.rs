//! The notification that S3 sends of a change.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::store::Change;

/// The event of one change, as S3 writes it (version 2.1 of the structure).
pub(crate) fn notification(change: &Change, configuration: &str) -> Value {
    let mut object = json!({ "key": form_encoded(&change.key), "sequencer": change.sequencer });
    if let Some((size, etag)) = &change.stored {
        object["size"] = json!(size);
        object["eTag"] = json!(etag);
    }
    json!({ "Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": timestamp(SystemTime::now()),
        "eventName": change.name,
        "userIdentity": { "principalId": "local" },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": { "x-amz-request-id": change.sequencer },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration,
            "bucket": {
                "name": change.bucket,
                "ownerIdentity": { "principalId": "local" },
                "arn": format!("arn:aws:s3:::{}", change.bucket),
            },
            "object": object,
        },
    }] })
}

/// A number that grows with every change, over restarts as well.
pub(super) fn sequencer() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos() as u64;
    let last = LAST.fetch_max(now, Ordering::SeqCst);
    let number = if last < now {
        now
    } else {
        LAST.fetch_add(1, Ordering::SeqCst) + 1
    };
    format!("{number:018X}")
}

/// Keys in events are form-encoded: a space is `+`, everything but letters, digits and `-._*/` is `%XX`.
fn form_encoded(key: &str) -> String {
    let mut encoded = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b' ' => encoded.push('+'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' | b'/' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// RFC 3339 with milliseconds, by the civil-from-days arithmetic of the proleptic Gregorian calendar.
fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    // Years begin in March here, so that the leap day is the last one; an era is 400 years.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (date, month) = (
        day - (153 * month + 2) / 5 + 1,
        if month < 10 { month + 3 } else { month - 9 },
    );
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!(
        "{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        since.subsec_millis()
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn keys_are_form_encoded() {
        assert_eq!(form_encoded("a b+c/ü.jpg"), "a+b%2Bc/%C3%BC.jpg");
    }

    #[test]
    fn sequencers_grow_and_have_one_length() {
        let all: Vec<_> = (0..1000).map(|_| sequencer()).collect();
        assert!(
            all.windows(2)
                .all(|pair| pair[0] < pair[1] && pair[0].len() == pair[1].len())
        );
    }

    #[test]
    fn times_are_written_as_s3_writes_them() {
        let at = |seconds: u64| timestamp(UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 7));
        assert_eq!(at(0), "1970-01-01T00:00:00.007Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.007Z");
        assert_eq!(at(1_709_251_199), "2024-02-29T23:59:59.007Z");
        assert_eq!(at(1_735_689_600), "2025-01-01T00:00:00.007Z");
    }

    #[test]
    fn an_event_has_what_functions_read() {
        let change = Change {
            name: "ObjectCreated:Put",
            bucket: "uploads".into(),
            key: "a b.jpg".into(),
            stored: Some((3, "e".into())),
            sequencer: sequencer(),
        };
        let event = notification(&change, "c");
        let s3 = &event["Records"][0]["s3"];
        assert_eq!(s3["bucket"]["name"], "uploads");
        assert_eq!(
            (&s3["object"]["key"], &s3["object"]["size"], &s3["object"]["eTag"]),
            (&json!("a+b.jpg"), &json!(3), &json!("e"))
        );
    }
}
