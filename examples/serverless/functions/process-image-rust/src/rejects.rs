//! Sends final failures to the dead-letter queue at once, with code and key: retrying would decode a hostile file three
//! times for nothing.

use std::pin::Pin;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::MessageAttributeValue;
use keenpix::s3::Entry;
use serde::Serialize;

type Failed = Box<dyn std::error::Error + Send + Sync>;
type Sent = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;

/// The same message as in the Node function.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'a str>,
}

pub(crate) fn to_queue(client: Client, queue: String) -> impl Fn(Entry) -> Sent + Send + Sync {
    move |entry| {
        let (client, queue) = (client.clone(), queue.clone());
        Box::pin(async move {
            let Err(failure) = &entry.result else { return Ok(()) };
            let record = entry.record.as_ref();
            let message = Message {
                code: failure.code(),
                message: failure.reason(),
                bucket: record.map(|record| record.bucket.as_str()),
                key: record.map(|record| record.key.as_str()),
                etag: record.and_then(|record| record.etag.as_deref()),
                version: record.and_then(|record| record.version.as_deref()),
                item: entry.message.as_deref(),
            };
            let code = MessageAttributeValue::builder()
                .data_type("String")
                .string_value(failure.code())
                .build()?;
            let send = client
                .send_message()
                .queue_url(queue)
                .message_body(serde_json::to_string(&message)?)
                .message_attributes("code", code);
            let sent = send.send().await;
            sent.map(|_| ())
                .map_err(|error| DisplayErrorContext(error).to_string().into())
        })
    }
}
