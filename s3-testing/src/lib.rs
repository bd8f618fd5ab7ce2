//! An S3 server in the process, for tests and demos: speaks the real protocol (signatures, presigned URLs and forms, conditional
//! requests, versions, multipart uploads) on 127.0.0.1, tells what has happened as S3's notifications do, answers CORS preflights,
//! and breaks when it is told to.
//!
//! ```
//! use keenpix_s3_testing::{Options, Server};
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let server = Server::start(Options::default()).await?;
//! server.store().create_bucket("uploads");
//! let mut events = server.store().watch("uploads");
//! let client = server.client();
//! client.put_object().bucket("uploads").key("my photo.jpg").body(vec![1].into()).send().await?;
//! let event = events.recv().await.expect("an event");
//! assert_eq!((event.name, event.key.as_str()), ("ObjectCreated:Put", "my photo.jpg"));
//! assert_eq!(event.to_json()["Records"][0]["s3"]["object"]["key"], "my+photo.jpg");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! - [`Server`]: starts and stops it, makes clients.
//! - [`Store`]: what lies in the buckets, without HTTP in between; in memory, or in a folder that outlives the process.
//! - [`Event`]: what has happened, in S3's words, and in the envelopes of SQS, SNS and EventBridge.
//! - [`Fault`]: what a request meets, decided by a hook that sees every [`Call`].

mod event;
mod fault;
mod folder;
mod multipart;
mod protocol;
mod server;
mod store;

pub use event::{Event, in_sns, in_sqs};
pub use fault::{Call, Fault};
pub use server::{Options, Server, client};
pub use store::{Object, Refused, Store};
