//! The requests to S3, each tried as often as the back-off allows. The only file that knows the SDK's operations.

use std::collections::HashMap;
use std::future::Future;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;

use super::backoff::Backoff;
use super::decide::{Made, Object, Source};
use super::report::{Failure, Fault};
use super::sequence::Sequencer;
use crate::{Error, LimitKind};

#[derive(Debug, Clone)]
pub(super) struct Store {
    client: Client,
    pub(super) backoff: Backoff,
}

/// The result of reading an object.
pub(super) enum Fetched {
    Body(Vec<u8>, Object),
    /// It is larger than the limit.
    TooLarge(Failure, Object),
    Gone,
    /// It is no longer the requested one.
    Replaced,
}

/// An object to read.
pub(super) struct Get<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    /// The ETag that it must have.
    pub(super) etag: Option<&'a str>,
    pub(super) version: Option<&'a str>,
    /// Maximum bytes.
    pub(super) limit: u64,
    /// Whether it may be an output.
    pub(super) chained: bool,
}

/// An object to write.
pub(super) struct Put<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) body: &'a [u8],
    pub(super) content_type: &'a str,
    pub(super) cache_control: &'a str,
    pub(super) metadata: HashMap<String, String>,
    /// The ETag of the object that may be replaced; without one, nothing may be there.
    pub(super) replaces: Option<&'a str>,
}

/// Whether a conditional write took effect.
pub(super) enum Written {
    Yes,
    /// No: the object there is not the expected one.
    Conflict,
}

impl Written {
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Written::Conflict)
    }
}

/// Why a request failed.
enum Refusal {
    /// 404
    Missing,
    /// 412 or 409: a condition did not hold, or two writers raced.
    Condition,
    Failed(Failure),
}

/// Classifies an error of the SDK.
type Request<T, E> = Result<T, SdkError<E, HttpResponse>>;

impl Store {
    pub(super) fn new(client: &Client) -> Self {
        // Our back-off knows the deadline and also retries bodies; the SDK's own retries would multiply with it.
        let config = client.config().to_builder().retry_config(RetryConfig::disabled());
        Store {
            client: Client::from_conf(config.build()),
            backoff: Backoff::default(),
        }
    }

    /// The current state of a source.
    pub(super) async fn look(&self, bucket: &str, key: &str) -> Result<Source, Failure> {
        let head = || async { refused(self.client.head_object().bucket(bucket).key(key).send().await) };
        match self.retried(head).await {
            Ok(head) => Ok(Source::Object(Object {
                etag: unquoted(head.e_tag()),
                version: version(head.version_id()),
                modified: head.last_modified().map_or(0, |time| time.secs()),
                time: None,
            })),
            Err(Refusal::Missing) => Ok(Source::Gone),
            Err(refusal) => Err(refusal.unexpected()),
        }
    }

    /// What is now at an output's key.
    pub(super) async fn output(&self, bucket: &str, key: &str) -> Result<Option<Made>, Failure> {
        let head = || async { refused(self.client.head_object().bucket(bucket).key(key).send().await) };
        match self.retried(head).await {
            Ok(head) => Ok(Some(made(unquoted(head.e_tag()), head.metadata()))),
            Err(Refusal::Missing) => Ok(None),
            Err(refusal) => Err(refusal.unexpected()),
        }
    }

    /// Reads an object, if it is still the one with this ETag, and stops at `limit` bytes while it streams.
    pub(super) async fn fetch(&self, get: &Get<'_>) -> Result<Fetched, Failure> {
        match self.retried(|| self.read(get)).await {
            Ok(fetched) => Ok(fetched),
            Err(Refusal::Missing) => Ok(Fetched::Gone),
            Err(Refusal::Condition) => Ok(Fetched::Replaced),
            Err(Refusal::Failed(failure)) => Err(failure),
        }
    }

    async fn read(&self, get: &Get<'_>) -> Result<Fetched, Refusal> {
        let request = self.client.get_object().bucket(get.bucket).key(get.key);
        let request = request
            .set_if_match(get.etag.map(quoted))
            .set_version_id(get.version.map(str::to_owned));
        let answer = refused(request.send().await)?;
        let says = |name| answer.metadata().is_some_and(|metadata| metadata.contains_key(name));
        if !get.chained && says(meta::ID) && says(meta::PLAN) {
            let reason = format!(
                "{}/{} was made by a rule: the outputs would be the next inputs",
                get.bucket, get.key
            );
            return Err(failed(Fault::Setup, "RECURSION", reason));
        }
        let object = Object {
            etag: unquoted(answer.e_tag()),
            version: version(answer.version_id()),
            modified: answer.last_modified().map_or(0, |time| time.secs()),
            time: None,
        };
        let announced = answer.content_length().and_then(|length| u64::try_from(length).ok());
        match collect(answer.body, announced, get.limit).await {
            Ok(bytes) => Ok(Fetched::Body(bytes, object)),
            Err(failure) if failure.fault() == Fault::Poison => Ok(Fetched::TooLarge(failure, object)),
            Err(failure) => Err(Refusal::Failed(failure)),
        }
    }

    pub(super) async fn put(&self, put: &Put<'_>) -> Result<Written, Failure> {
        let send = || async {
            let request = self.client.put_object().bucket(put.bucket).key(put.key);
            let request = match put.replaces {
                Some(etag) => request.if_match(quoted(etag)),
                None => request.if_none_match("*"),
            };
            let request = request
                .content_type(put.content_type)
                .cache_control(put.cache_control)
                .set_metadata(Some(put.metadata.clone()))
                .body(ByteStream::from(put.body.to_vec()));
            refused(request.send().await)
        };
        match self.retried(send).await {
            Ok(_) => Ok(Written::Yes),
            // 404: the object to replace is gone.
            Err(Refusal::Condition | Refusal::Missing) => Ok(Written::Conflict),
            Err(Refusal::Failed(failure)) => Err(failure),
        }
    }

    /// Deletes an object if it is still the one with this ETag. If it isn't, nothing happens.
    pub(super) async fn delete(&self, bucket: &str, key: &str, etag: &str) -> Result<(), Failure> {
        let send = || async {
            let request = self.client.delete_object().bucket(bucket).key(key);
            refused(request.if_match(quoted(etag)).send().await)
        };
        match self.retried(send).await {
            Ok(_) | Err(Refusal::Missing | Refusal::Condition) => Ok(()),
            Err(Refusal::Failed(failure)) => Err(failure),
        }
    }

    /// The keys with this prefix.
    pub(super) async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<String>, Failure> {
        let mut keys = Vec::new();
        let mut token = None;
        loop {
            let request = || self.client.list_objects_v2().bucket(bucket).prefix(prefix);
            let send = || async { refused(request().set_continuation_token(token.clone()).send().await) };
            let page = self.retried(send).await.map_err(Refusal::unexpected)?;
            keys.extend(
                page.contents()
                    .iter()
                    .filter_map(|object| object.key().map(str::to_owned)),
            );
            match page.next_continuation_token() {
                Some(next) => token = Some(next.to_owned()),
                None => return Ok(keys),
            }
        }
    }

    /// The start and the ETag of a small object.
    pub(super) async fn small(&self, bucket: &str, key: &str) -> Result<Option<(Vec<u8>, String)>, Failure> {
        let get = Get {
            bucket,
            key,
            etag: None,
            version: None,
            limit: 64 << 10,
            chained: true,
        };
        match self.fetch(&get).await? {
            Fetched::Body(bytes, object) => Ok(Some((bytes, object.etag))),
            Fetched::TooLarge(failure, _) => Err(failure),
            Fetched::Gone | Fetched::Replaced => Ok(None),
        }
    }

    async fn retried<T, F: Future<Output = Result<T, Refusal>>>(&self, send: impl Fn() -> F) -> Result<T, Refusal> {
        let mut tried = 0;
        loop {
            let refusal = match send().await {
                Ok(done) => return Ok(done),
                Err(refusal) => refusal,
            };
            match self.backoff.wait(tried) {
                Some(wait) if refusal.is_passing() && wait.is_zero() => {}
                Some(wait) if refusal.is_passing() => tokio::time::sleep(wait).await,
                _ => return Err(refusal),
            }
            tried += 1;
        }
    }
}

impl Refusal {
    fn is_passing(&self) -> bool {
        matches!(self, Refusal::Failed(failure) if failure.retryable())
    }

    /// For requests that can't get this answer.
    fn unexpected(self) -> Failure {
        match self {
            Refusal::Failed(failure) => failure,
            Refusal::Missing => Failure::new(Fault::Setup, "S3_NO_BUCKET", "S3 answered 404 to a list"),
            Refusal::Condition => Failure::new(Fault::Transient, "S3_UNAVAILABLE", "S3 answered 409 or 412 to a read"),
        }
    }
}

/// The names of the outputs' metadata.
pub(super) mod meta {
    pub(crate) const ID: &str = "source-id";
    pub(crate) const ETAG: &str = "source-etag";
    pub(crate) const VERSION: &str = "source-version";
    pub(crate) const SEQUENCER: &str = "source-sequencer";
    pub(crate) const MODIFIED: &str = "source-modified";
    pub(crate) const TIME: &str = "source-time";
    pub(crate) const PLAN: &str = "plan-hash";
    /// Only for a status.
    pub(crate) const STATE: &str = "state";
    pub(crate) const CODE: &str = "code";
    pub(crate) const REPLACED: &str = "replaced";
    pub(crate) const REJECTED: &str = "rejected";
}

fn made(etag: String, metadata: Option<&HashMap<String, String>>) -> Made {
    let value = |name: &str| metadata.and_then(|metadata| metadata.get(name)).cloned();
    Made {
        etag,
        id: value(meta::ID),
        source_etag: value(meta::ETAG).unwrap_or_default(),
        plan: value(meta::PLAN).unwrap_or_default(),
        sequencer: value(meta::SEQUENCER).map(Sequencer::new),
        modified: value(meta::MODIFIED).and_then(|time| time.parse().ok()).unwrap_or(0),
        time: value(meta::TIME).and_then(|time| time.parse().ok()),
        rejected: value(meta::STATE).as_deref() == Some(meta::REJECTED),
    }
}

fn refused<T, E>(result: Request<T, E>) -> Result<T, Refusal>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let error = match result {
        Ok(done) => return Ok(done),
        Err(error) => error,
    };
    let SdkError::ServiceError(service) = &error else {
        let fault = match error {
            SdkError::ConstructionFailure(_) => return Err(failed(Fault::Setup, "S3_REFUSED", chain(&error))),
            _ => Fault::Transient, // no connection, a time-out, a truncated response
        };
        return Err(failed(fault, "S3_UNAVAILABLE", chain(&error)));
    };
    let (status, code) = (
        service.raw().status().as_u16(),
        service.err().code().unwrap_or_default(),
    );
    let said = format!(
        "S3 answered {status} {code} {}",
        service.err().message().unwrap_or_default()
    );
    Err(match (status, code) {
        (404, "NoSuchBucket") => failed(Fault::Setup, "S3_NO_BUCKET", said),
        // 405: the requested version is a delete marker.
        (404 | 405, _) => Refusal::Missing,
        (409 | 412, _) => Refusal::Condition,
        (429 | 503, _) | (_, "SlowDown") => failed(Fault::Transient, "S3_SLOW_DOWN", said),
        (500.., _) | (_, "RequestTimeout" | "RequestTimeTooSkewed") => failed(Fault::Transient, "S3_UNAVAILABLE", said),
        (401 | 403, _) => failed(Fault::Setup, "S3_DENIED", said),
        _ => failed(Fault::Setup, "S3_REFUSED", said),
    })
}

fn failed(fault: Fault, code: &'static str, reason: String) -> Refusal {
    Refusal::Failed(Failure::new(fault, code, reason.trim_end()))
}

/// Reads a body, enforcing the limit as it arrives.
async fn collect(mut body: ByteStream, announced: Option<u64>, limit: u64) -> Result<Vec<u8>, Failure> {
    let within = |actual: u64| match actual <= limit {
        true => Ok(()),
        false => Err(Error::limit(LimitKind::InputBytes, actual, limit)),
    };
    let mut bytes = Vec::new();
    let reserve = |bytes: &mut Vec<u8>, more: usize| {
        let what = "the object";
        let error = |_| Error::OutOfMemory {
            bytes: more as u64,
            what,
        };
        bytes.try_reserve(more).map_err(error)
    };
    within(announced.unwrap_or(0))?;
    reserve(&mut bytes, announced.unwrap_or(0) as usize)?;
    while let Some(chunk) = body
        .try_next()
        .await
        .map_err(|error| cut(bytes.len(), &chain(&error)))?
    {
        within(bytes.len() as u64 + chunk.len() as u64)?;
        reserve(&mut bytes, chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    match announced {
        Some(announced) if announced != bytes.len() as u64 => {
            Err(cut(bytes.len(), &format!("{announced} were announced")))
        }
        _ => Ok(bytes),
    }
}

fn cut(after: usize, why: &str) -> Failure {
    let reason = format!("the object's body ended after {after} bytes: {why}");
    Failure::new(Fault::Transient, "S3_CUT", reason)
}

/// An error with its causes, because the SDK's own messages say little.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn unquoted(etag: Option<&str>) -> String {
    etag.unwrap_or_default().trim_matches('"').to_owned()
}

fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

/// S3 calls the version of an unversioned object `null`.
fn version(id: Option<&str>) -> Option<String> {
    id.filter(|id| *id != "null").map(str::to_owned)
}
