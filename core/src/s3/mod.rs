//! S3 events in, images out (feature `s3`).
//!
//! A [`Handler`] takes a notification from Lambda, reads each object that it refers to, makes the images that a
//! [`Rule`] asks for, and writes them.
//!
//! ```no_run
//! use keenpix::s3::{Handler, Rule};
//! use keenpix::encode::Jpeg;
//! use keenpix::{Plan, Resize};
//!
//! # async fn function(client: aws_sdk_s3::Client, event: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let plan = Plan::new()
//!     .with_resize(Resize::new().with_width(512).with_height(512))
//!     .with_encode(Jpeg::new().with_quality(80));
//! let rule = Rule::new("assets.example.com").with_output("avatars/{name}.jpg", plan)?;
//! let handler = Handler::new(client, rule);
//! let report = handler.handle(event, None).await;
//! println!("{}", report.response()?); // an error makes Lambda retry
//! # Ok(())
//! # }
//! ```
//!
//! # Guarantees, whatever the events do
//!
//! Events come at least once, late, and in any order; functions are killed between any two requests. So an event is
//! only a hint that a key has changed, and the source is the truth: after every write the handler checks the source
//! again, and continues until outputs and source agree. An event that is repeated after a kill does the same. Outputs
//! record their source in their metadata, and are written on condition that they haven't changed since they were
//! examined (`If-None-Match`, `If-Match`), so that one of two concurrent writers notices.
//!
//! - The outputs of a key belong to its newest version; with [`Rule::with_removal`] they are deleted with it.
//! - An object that has vanished is not an error. One that is replaced while being read is left to the later event.
//! - A failed record is reported on its own, with a stable [code](Failure::code) and a reason, as the fault of the
//!   object, of a transient condition, or of the set-up ([`Fault`]).
//! - With a [status](Rule::with_status), a small JSON object next to the outputs tells the result for the source; with
//!   [reports](Handler::with_rejects), a final failure goes to a queue immediately and is settled.
//! - With a [ledger](Rule::with_ledger), an object is decoded at most three times, however many events refer to it, and
//!   a poison object is reported exactly once.
//! - A rule whose outputs would be its own inputs is refused before anything is read, and so is an object made by a
//!   rule.
//!
//! # Permissions
//!
//! `s3:GetObject` (and `s3:GetObjectVersion`) on the source; `s3:GetObject` and `s3:PutObject` on the outputs, with
//! removal also `s3:DeleteObject`; and `s3:ListBucket` on both buckets, without which S3 answers 403 instead of 404, so
//! a missing object can't be told from a forbidden one.

mod backoff;
mod decide;
mod event;
mod handler;
mod key;
mod ledger;
mod make;
mod poison;
mod report;
mod rule;
mod sequence;
mod slots;
mod status;
mod store;

pub use backoff::Backoff;
pub use event::{Kind, Message, Record, parse, parse_value};
pub use handler::Handler;
pub use key::{KeyTemplate, Misconfigured};
pub use report::{Entry, Failure, Fault, Outcome, Report, Unsettled};
pub use rule::{Rule, Stale};
pub use sequence::Sequencer;
