//! S3 events in, images out (feature `s3`).
//!
//! A [`Handler`] takes a notification as Lambda hands it over, reads each object that it tells of, makes the images
//! that a [`Rule`] asks for, and writes them.
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
//! println!("{}", report.response()?); // an error makes Lambda try again
//! # Ok(())
//! # }
//! ```
//!
//! # What holds, whatever the events do
//!
//! Events come at least once, late, and in any order; functions are killed between any two requests. So an event is
//! taken as a hint that a key has changed, and the source as the truth: after every write the handler looks at the
//! source again, and goes on until outputs and source agree. An event that is repeated after a kill does the same.
//! Outputs carry what they were made of as metadata, and are written on the condition that they are still what was
//! looked at (`If-None-Match`, `If-Match`), so that of two writers one notices.
//!
//! - The outputs of a key belong to its newest version; with [`Rule::with_removal`] they go when it goes.
//! - An object that has vanished is done, not an error. One that is replaced while it is read is left to the later
//!   event.
//! - A failed record is reported alone, with a stable [code](Failure::code) and a reason, as the fault of the object,
//!   of the moment, or of the set-up ([`Fault`]).
//! - With a [status](Rule::with_status) a small JSON beside the outputs says what became of the source; with
//!   [reports](Handler::with_rejects) a final failure goes to a queue at once, and is settled.
//! - With a [ledger](Rule::with_ledger) an object is decoded at most three times, however many events tell of it, and a
//!   poison object is reported exactly once.
//! - A rule whose outputs would be its own input is refused before anything is read, and so is an object that was made
//!   by one.
//!
//! # Permissions
//!
//! `s3:GetObject` (and `s3:GetObjectVersion`) on the source; `s3:GetObject` and `s3:PutObject` on the outputs, with
//! removal `s3:DeleteObject` too; and `s3:ListBucket` on both buckets, without which S3 answers 403 instead of 404, and
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
mod status;
mod store;

pub use backoff::Backoff;
pub use event::{Kind, Message, Record, parse, parse_value};
pub use handler::Handler;
pub use key::{KeyTemplate, Misconfigured};
pub use report::{Entry, Failure, Fault, Outcome, Report, Unsettled};
pub use rule::{Rule, Stale};
pub use sequence::Sequencer;
