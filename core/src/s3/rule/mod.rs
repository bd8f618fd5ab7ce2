//! Which objects to process, and what to make from them.

use std::time::Duration;

use super::decide::Object;
use super::event::{Kind, Record};
use super::key::{KeyTemplate, Misconfigured, digest};
use super::report::{Failure, Fault, Outcome};
use crate::Plan;

/// Which objects to process, what to make from each, and where it goes.
///
/// ```
/// use keenpix::s3::Rule;
/// use keenpix::encode::Webp;
/// use keenpix::{Plan, Resize};
///
/// let webp = |width| Plan::new().with_resize(Resize::new().with_width(width)).with_encode(Webp::new());
/// let rule = Rule::new("assets.example.com")
///     .with_prefix("uploads/")
///     .with_output("photos/{name}-{width}.{format}", webp(320))?
///     .with_output("photos/{name}-{width}.{format}", webp(1280))?
///     .with_removal(true);
/// # Ok::<(), keenpix::s3::Misconfigured>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rule {
    prefix: String,
    pub(super) bucket: String,
    pub(super) templates: Vec<KeyTemplate>,
    pub(super) plans: Vec<Plan>,
    cache_control: Option<String>,
    pub(super) removal: bool,
    pub(super) stale: Stale,
    pub(super) ledger: Option<Ledger>,
    pub(super) status: Option<KeyTemplate>,
    pub(super) chained: bool,
}

/// What happens to an older version's outputs when the newest can't be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Stale {
    /// They stay: a broken upload doesn't remove the existing image.
    #[default]
    Keep,
    /// They are deleted: outputs either belong to the newest version or don't exist.
    Remove,
}

#[derive(Debug, Clone)]
pub(super) struct Ledger {
    pub(super) bucket: String,
    pub(super) prefix: String,
    pub(super) lease: Duration,
}

/// A record to process.
pub(super) struct Task<'a> {
    pub(super) record: &'a Record,
    /// The SQS message that it came in.
    pub(super) message: Option<&'a str>,
    /// The key without the rule's prefix.
    pub(super) below: &'a str,
    /// Identifies bucket and key in the outputs' metadata, where space is limited.
    pub(super) id: String,
}

impl Task<'_> {
    /// Whether the event is about this very version of the object.
    pub(super) fn names(&self, object: &Object) -> bool {
        let record = self.record;
        record.etag.as_deref() == Some(&object.etag) && (record.version.is_none() || record.version == object.version)
    }

    /// The object with the time of its own event.
    pub(super) fn dated(&self, object: Object) -> Object {
        let time = self.record.time.filter(|_| self.names(&object));
        Object { time, ..object }
    }
}

impl Rule {
    /// A rule that writes to a bucket; it has no outputs yet.
    pub fn new(bucket: impl Into<String>) -> Self {
        Rule {
            prefix: String::new(),
            bucket: bucket.into(),
            templates: Vec::new(),
            plans: Vec::new(),
            cache_control: None,
            removal: false,
            stale: Stale::Keep,
            ledger: None,
            status: None,
            chained: false,
        }
    }

    /// Processes only source keys with this prefix. Default: all.
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Adds an output: where it goes (see [`KeyTemplate`]), and how it is made. All outputs come from one decode.
    ///
    /// # Errors
    ///
    /// For a plan that can't be carried out, whatever the object ([`Plan::check`]); as for [`KeyTemplate::new`]; and if
    /// another output already has the same key.
    pub fn with_output(mut self, template: &str, plan: Plan) -> Result<Self, Misconfigured> {
        plan.check()
            .map_err(|error| Misconfigured(format!("`{template}`: {error}")))?;
        let template = KeyTemplate::new(template, &plan)?;
        // Two that are equal for one source are equal for all.
        let probe = |template: &KeyTemplate| template.key("sub/name.ext", "etag");
        if self.templates.iter().any(|other| probe(other) == probe(&template)) {
            return Err(Misconfigured(format!("two outputs go to {}", probe(&template))));
        }
        self.templates.push(template);
        self.plans.push(plan);
        Ok(self)
    }

    /// Sets `Cache-Control` of the outputs. Default: `public, max-age=31536000, immutable` for content-addressed keys,
    /// `public, max-age=300` for others.
    pub fn with_cache_control(mut self, value: impl Into<String>) -> Self {
        self.cache_control = Some(value.into());
        self
    }

    /// Whether outputs are deleted with their source. Content-addressed outputs are found by listing the keys with
    /// the same prefix up to the hash. Default: `false`.
    pub fn with_removal(mut self, removal: bool) -> Self {
        self.removal = removal;
        self
    }

    /// Sets what happens to an older version's outputs when the newest can't be made. Default: [`Stale::Keep`].
    pub fn with_stale(mut self, stale: Stale) -> Self {
        self.stale = stale;
        self
    }

    /// Keeps a ledger: a small object for each source version under `{prefix}tries/`, written before it is decoded, and
    /// a dead letter under `{prefix}dead/` for each that is poison. Default: none.
    ///
    /// With it an object is decoded at most three times, however many events refer to it, and a poison object fails
    /// once, is recorded with its key, code and reason, and needn't go through the queue's own retries. It costs one
    /// more PUT per decode; let a lifecycle rule delete `tries/` after a few days.
    ///
    /// It applies to the rule's current plans: once they change, a dead object's next event
    /// is tried again. A [set-up](Fault::Setup) failure doesn't use up a try.
    ///
    /// `lease` is the longest time that a function may run: for that long, a claim may still produce an output.
    pub fn with_ledger(mut self, bucket: impl Into<String>, prefix: impl Into<String>, lease: Duration) -> Self {
        self.ledger = Some(Ledger {
            bucket: bucket.into(),
            prefix: prefix.into(),
            lease,
        });
        self
    }

    /// Writes a status for each source: JSON with the result for its newest version, for anyone waiting for it. The
    /// template must not contain width, format or hash. Default: none.
    ///
    /// `{"state": "ready", "source": {"key", "etag"}, "files": [{"key", "width", "height", "bytes", "sha256"}]}`, where
    /// `sha256` is the first 16 digits, or `{"state": "rejected", "source", "code", "message"}`; `state` and `code` are
    /// in its metadata as well, and `replaced` if there were outputs before. It is an output like the others, written
    /// after them under the same conditions, and deleted with them.
    ///
    /// # Errors
    ///
    /// As for [`KeyTemplate::new`], and for `{hash}`: a status must be found by its name.
    pub fn with_status(mut self, template: &str) -> Result<Self, Misconfigured> {
        let template = KeyTemplate::new(template, &Plan::new())?;
        if template.is_content_addressed() {
            return Err(Misconfigured("a status has no hash in its key".into()));
        }
        self.status = Some(template);
        Ok(self)
    }

    /// Whether an output of any rule may be a source of this one. Default: `false`: an object whose
    /// metadata says that it is one is refused (`RECURSION`), which prevents loops across two buckets that prefixes
    /// can't reveal.
    pub fn with_chaining(mut self, chained: bool) -> Self {
        self.chained = chained;
        self
    }

    /// What to do for a record: a task, or an immediate outcome.
    pub(super) fn task<'a>(&self, record: &'a Record) -> Result<Result<Task<'a>, Outcome>, Failure> {
        let ignored = |why| Ok(Err(Outcome::Ignored(why)));
        if record.kind == Kind::Other {
            return ignored("the event changes no pixels");
        }
        let Some(below) = record.key.strip_prefix(&self.prefix) else {
            return ignored("the key is outside the rule's prefix");
        };
        if record.key.ends_with('/') || below.is_empty() {
            return ignored("the key is a folder's marker");
        }
        if record.kind == Kind::Removed && !self.removal {
            return ignored("outputs stay when their source goes");
        }
        self.refuse_recursion(&record.bucket)?;
        Ok(Ok(Task {
            record,
            message: None,
            below,
            id: digest(&[&record.bucket, &record.key]),
        }))
    }

    /// Identifies everything that is made from an object.
    pub(super) fn plans_hash(&self) -> String {
        let hashes: Vec<&str> = self.templates.iter().map(KeyTemplate::plan_hash).collect();
        digest(&hashes)
    }

    pub(super) fn cache_control(&self, template: &KeyTemplate) -> &str {
        match &self.cache_control {
            Some(value) => value,
            None if template.is_content_addressed() => "public, max-age=31536000, immutable",
            None => "public, max-age=300",
        }
    }

    /// Anything written where the rule reads comes back as an event.
    fn refuse_recursion(&self, source: &str) -> Result<(), Failure> {
        let outputs = self
            .templates
            .iter()
            .map(|template| (&self.bucket, template.fixed_prefix()));
        let status = self
            .status
            .iter()
            .map(|template| (&self.bucket, template.fixed_prefix()));
        let ledger = self
            .ledger
            .iter()
            .map(|ledger| (&ledger.bucket, ledger.prefix.as_str()));
        for (bucket, prefix) in outputs.chain(status).chain(ledger) {
            if bucket == source && (prefix.starts_with(&self.prefix) || self.prefix.starts_with(prefix)) {
                return Err(Failure::new(
                    Fault::Setup,
                    "RECURSION",
                    format!(
                        "{bucket}/{prefix}… would be written to and {source}/{}… is read from: the outputs would be \
                         the next inputs",
                        self.prefix
                    ),
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
