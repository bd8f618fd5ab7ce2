//! The ledger: how often each version of an object was decoded, and which were given up.
//!
//! A try is claimed before it begins, with a conditional write: a function that is killed has still been counted, and
//! concurrent duplicates each get their own number. A dead letter is written once, on the condition that there
//! is none.
//!
//! A page belongs to an object and the plans for it: a failure under other plans says nothing about
//! these.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::decide::Object;
use super::event::Record;
use super::key::digest;
use super::report::{Failure, Fault};
use super::rule::Ledger;
use super::store::{Put, Store, Written};

/// An object is decoded at most this often.
pub(super) const TRIES: u32 = 3;

pub(super) enum Claim {
    /// Go ahead.
    Granted,
    /// There is a dead letter already.
    Dead(Letter),
    /// All tries were used up, and none finished.
    Exhausted(Failure),
}

/// The page of one version of one object, under the plans of one rule.
pub(super) struct Page<'a> {
    store: &'a Store,
    ledger: &'a Ledger,
    record: &'a Record,
    object: &'a Object,
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Tries {
    tries: u32,
    /// Until when the last try may still produce an output; milliseconds since 1970.
    until: u64,
}

/// A dead letter.
#[derive(Serialize, Deserialize)]
pub(super) struct Letter {
    bucket: String,
    key: String,
    etag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// When the object was written; seconds since 1970.
    modified: i64,
    pub(super) code: String,
    pub(super) reason: String,
}

impl<'a> Page<'a> {
    /// `plans` identifies all the plans of the rule.
    pub(super) fn new(
        store: &'a Store,
        ledger: &'a Ledger,
        plans: &str,
        record: &'a Record,
        object: &'a Object,
    ) -> Self {
        let version = object.version.as_deref().unwrap_or_default();
        // Uploading the same bytes again, or correcting the plans, asks for another try: hence the time, and the
        // plans.
        let modified = object.modified.to_string();
        let name = digest(&[&record.bucket, &record.key, &object.etag, version, &modified, plans]);
        Page {
            store,
            ledger,
            record,
            object,
            name,
        }
    }

    /// Asks for a try.
    pub(super) async fn claim(&self, now: SystemTime) -> Result<Claim, Failure> {
        let now = millis(now);
        let lease = self.ledger.lease.as_millis() as u64;
        if let Some(letter) = self.letter().await? {
            return Ok(Claim::Dead(letter));
        }
        let key = self.tries_key();
        let mut page: Option<(Tries, String)> = None;
        for _ in 0..2 * TRIES {
            let (before, etag) = match &page {
                Some((tries, etag)) => (tries.tries, Some(etag.as_str())),
                None => (0, None),
            };
            if before >= TRIES {
                let until = page.as_ref().map_or(0, |(tries, _)| tries.until);
                return exhausted(until, now);
            }
            let tries = Tries {
                tries: before + 1,
                until: now.saturating_add(lease),
            };
            if let Written::Yes = self.write(&key, &tries, etag).await? {
                return Ok(Claim::Granted);
            }
            page = self.tries().await?;
        }
        Err(Failure::new(
            Fault::Transient,
            "BUSY",
            "other functions claim tries of the same object",
        ))
    }

    /// Returns a try that failed because of the set-up: the object is not at fault and must not be given up for it.
    pub(super) async fn give_back(&self) -> Result<(), Failure> {
        for _ in 0..2 * TRIES {
            let Some((tries, etag)) = self.tries().await? else {
                break;
            };
            let fewer = Tries {
                tries: tries.tries.saturating_sub(1),
                ..tries
            };
            if let Written::Yes = self.write(&self.tries_key(), &fewer, Some(&etag)).await? {
                break;
            }
        }
        Ok(())
    }

    /// Records that the object is given up. Whoever comes first writes the dead letter.
    pub(super) async fn give_up(&self, failure: Failure) -> Result<Failure, Failure> {
        let letter = Letter {
            bucket: self.record.bucket.clone(),
            key: self.record.key.clone(),
            etag: self.object.etag.clone(),
            version: self.object.version.clone(),
            modified: self.object.modified,
            code: failure.code().into(),
            reason: failure.reason().into(),
        };
        for _ in 0..TRIES {
            let written = self.write(&self.letter_key(), &letter, None).await?;
            // A conflict alone is no proof, because S3 may answer 409 to both of two concurrent writers.
            if matches!(written, Written::Yes) || self.letter().await?.is_some() {
                return Ok(failure.recorded());
            }
        }
        Err(Failure::new(
            Fault::Transient,
            "BUSY",
            format!("the dead letter could not be written: {failure}"),
        ))
    }

    /// How often it was tried, and the ETag of the record.
    async fn tries(&self) -> Result<Option<(Tries, String)>, Failure> {
        match self.store.small(&self.ledger.bucket, &self.tries_key()).await? {
            Some((bytes, etag)) => Ok(Some((serde_json::from_slice(&bytes).map_err(unreadable)?, etag))),
            None => Ok(None),
        }
    }

    async fn letter(&self) -> Result<Option<Letter>, Failure> {
        match self.store.small(&self.ledger.bucket, &self.letter_key()).await? {
            Some((bytes, _)) => serde_json::from_slice(&bytes).map(Some).map_err(unreadable),
            None => Ok(None),
        }
    }

    fn tries_key(&self) -> String {
        format!("{}tries/{}.json", self.ledger.prefix, self.name)
    }

    fn letter_key(&self) -> String {
        format!("{}dead/{}.json", self.ledger.prefix, self.name)
    }

    async fn write(&self, key: &str, value: &impl Serialize, replaces: Option<&str>) -> Result<Written, Failure> {
        let body = serde_json::to_vec(value).map_err(unreadable)?;
        let put = Put {
            bucket: &self.ledger.bucket,
            key,
            body: &body,
            content_type: "application/json",
            cache_control: "no-store",
            metadata: HashMap::new(),
            replaces,
        };
        self.store.put(&put).await
    }
}

/// The last try may still be running; after its lease it can no longer finish.
fn exhausted(until: u64, now: u64) -> Result<Claim, Failure> {
    if now < until {
        return Err(Failure::new(
            Fault::Transient,
            "BUSY",
            format!("the last of {TRIES} tries may run for another {} ms", until - now),
        ));
    }
    let reason = format!("{TRIES} functions began to decode it, and none came to an end");
    Ok(Claim::Exhausted(Failure::new(Fault::Poison, "ATTEMPTS", reason)))
}

fn unreadable(error: serde_json::Error) -> Failure {
    Failure::new(Fault::Setup, "S3_REFUSED", format!("the ledger can't be read: {error}"))
}

fn millis(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_millis() as u64
}
