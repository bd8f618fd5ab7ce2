//! The status: the result for a source, for anyone waiting for it.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::decide::Object;
use super::event::Record;
use super::store::meta;
use crate::Output;

/// The fields in the order in which they are written: every function that writes a status writes the same bytes.
#[derive(Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(super) enum Status<'a> {
    Ready {
        source: Source<'a>,
        files: Vec<File<'a>>,
        #[serde(skip)]
        replaced: bool,
    },
    Rejected {
        source: Source<'a>,
        code: &'a str,
        message: &'a str,
    },
}

#[derive(Serialize)]
pub(super) struct Source<'a> {
    key: &'a str,
    etag: &'a str,
}

#[derive(Serialize)]
pub(super) struct File<'a> {
    key: &'a str,
    width: u32,
    height: u32,
    bytes: usize,
    /// The first 16 digits, to recognise a cached copy.
    sha256: String,
}

impl<'a> Status<'a> {
    pub(super) fn ready(
        record: &'a Record,
        object: &'a Object,
        files: &'a [(String, &Output)],
        replaced: bool,
    ) -> Self {
        let file = |(key, output): &'a (String, &Output)| File {
            key,
            width: output.width,
            height: output.height,
            bytes: output.bytes.len(),
            sha256: Sha256::digest(&output.bytes)
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        };
        Status::Ready {
            source: source(record, object),
            files: files.iter().map(file).collect(),
            replaced,
        }
    }

    pub(super) fn rejected(record: &'a Record, object: &'a Object, code: &'a str, message: &'a str) -> Self {
        Status::Rejected {
            source: source(record, object),
            code,
            message,
        }
    }

    pub(super) fn body(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default() // of strings and numbers: can't fail
    }

    pub(super) fn metadata(&self) -> Vec<(String, String)> {
        let (state, more) = match self {
            Status::Ready { replaced, .. } => ("ready", replaced.then_some((meta::REPLACED, "true"))),
            Status::Rejected { code, .. } => (meta::REJECTED, Some((meta::CODE, *code))),
        };
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        [(meta::STATE, state)].into_iter().chain(more).map(pair).collect()
    }
}

fn source<'a>(record: &'a Record, object: &'a Object) -> Source<'a> {
    Source {
        key: &record.key,
        etag: &object.etag,
    }
}
