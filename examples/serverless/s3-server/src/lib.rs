//! An in-process S3 server, for tests and for systems on one machine. It speaks the real protocol (signatures,
//! presigned URLs and forms, conditional requests, versions, multipart uploads) on 127.0.0.1, sends S3's notifications,
//! answers CORS preflights, and injects faults on request.
//!
//! ```
//! use keenpix_s3_server::{Options, Server};
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let server = Server::start(Options::default()).await?;
//! server.store().create_bucket("uploads");
//! let mut events = server.store().watch("uploads");
//! // Or over HTTP, with any client: `server.endpoint()`.
//! server.store().put("uploads", "my photo.jpg", "pixels").unwrap();
//! let event = events.recv().await.expect("an event");
//! assert_eq!((event.name, event.key.as_str()), ("ObjectCreated:Put", "my photo.jpg"));
//! assert_eq!(event.to_json()["Records"][0]["s3"]["object"]["key"], "my+photo.jpg");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! - [`Server`]: starts and stops it.
//! - [`Store`]: the contents of the buckets, without HTTP in between; in memory, or in a folder that outlives the
//!   process.
//! - [`Event`]: what has happened, as a notification of S3 or in an envelope of SQS, SNS or EventBridge.
//! - [`Cors`]: which web pages may upload.
//! - [`Fault`]: what happens to a request, chosen by a hook that sees every [`Call`].
//!
//! The feature `client` adds clients of the AWS SDK. The program `keenpix-s3-server` is the server for tests in other
//! languages.

#[cfg(feature = "client")]
mod client;
mod cors;
mod event;
mod fault;
mod folder;
mod list;
mod multipart;
mod protocol;
mod server;
mod store;

#[cfg(feature = "client")]
pub use client::client;
pub use cors::Cors;
pub use event::{Event, in_sns, in_sqs};
pub use fault::{Call, Fault};
pub use server::{Options, Server};
pub use store::{Object, Refused, Store};
