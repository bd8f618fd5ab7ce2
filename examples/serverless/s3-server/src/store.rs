//! The contents of the buckets.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use s3s::crypto::{Checksum, Md5};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::event::Event;
use crate::folder;

/// Buckets and their objects. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Store(Arc<Mutex<State>>);

/// An object, or the marker that says that it was deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// The content.
    pub bytes: Bytes,
    /// The ETag, without quotes.
    pub etag: String,
    /// The version; empty in a bucket without versions.
    pub version: String,
    /// When it was written; seconds since 1970.
    pub modified: i64,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `x-amz-meta-*`.
    pub metadata: HashMap<String, String>,
    /// Whether it is a delete marker.
    pub deleted: bool,
}

/// Why a write was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no such bucket.
    NoBucket,
    /// `If-Match`, but there is no such object.
    Missing,
    /// A condition doesn't hold.
    Condition,
    /// The store's folder can't be written to.
    Disk,
}

/// The condition of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Always,
    Nothing,
    Etag(String),
}

#[derive(Debug, Default)]
struct State {
    buckets: BTreeMap<String, Bucket>,
    count: u64,
    /// The milliseconds since 1970 of the last write, and how many every write is after the one before it.
    ticking: Option<(i64, i64)>,
    /// That of the last write: nanoseconds since 1970, so that it also increases across restarts.
    sequence: u64,
    folder: Option<std::path::PathBuf>,
}

#[derive(Debug, Default)]
struct Bucket {
    versioned: bool,
    /// The newest version is the last.
    objects: BTreeMap<String, Vec<Object>>,
    watchers: Vec<UnboundedSender<Event>>,
}

impl Store {
    /// An empty store in memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store whose clock starts at a time (seconds since 1970) and advances by a second with every write: for
    /// reproducible tests.
    pub fn ticking(from: i64) -> Self {
        let store = Self::default();
        store.state().ticking = Some((from * 1000, 1000));
        store
    }

    /// Sets how many milliseconds every write of a ticking store is after the one before it.
    pub fn set_tick(&self, milliseconds: i64) {
        if let Some((_, step)) = &mut self.state().ticking {
            *step = milliseconds;
        }
    }

    /// A store that keeps the newest version of each object in a folder, and loads those already there.
    ///
    /// # Errors
    ///
    /// If the folder can't be made or read.
    pub fn in_folder(path: &Path) -> std::io::Result<Self> {
        let store = Self::default();
        for (bucket, objects) in folder::load(path)? {
            store.create_bucket(&bucket);
            let mut state = store.state();
            let bucket = state.buckets.entry(bucket).or_default();
            bucket.objects = objects.into_iter().map(|(key, object)| (key, vec![object])).collect();
        }
        store.state().folder = Some(path.to_owned());
        Ok(store)
    }

    /// Makes a bucket, unless there is one with this name.
    pub fn create_bucket(&self, name: &str) {
        let mut state = self.state();
        state.buckets.entry(name.to_owned()).or_default();
        if let Some(folder) = &state.folder {
            // If this fails, writing the first object will fail too, with an error.
            let _ = std::fs::create_dir_all(folder.join(name));
        }
    }

    /// Makes a bucket that keeps versions.
    pub fn create_versioned_bucket(&self, name: &str) {
        self.create_bucket(name);
        if let Some(bucket) = self.state().buckets.get_mut(name) {
            bucket.versioned = true;
        }
    }

    /// The names of the buckets.
    pub fn buckets(&self) -> Vec<String> {
        self.state().buckets.keys().cloned().collect()
    }

    /// The events of a bucket from now on (none if there is no such bucket).
    pub fn watch(&self, bucket: &str) -> UnboundedReceiver<Event> {
        let (sender, receiver) = unbounded_channel();
        if let Some(bucket) = self.state().buckets.get_mut(bucket) {
            bucket.watchers.push(sender);
        }
        receiver
    }

    /// Writes an object, as an upload would.
    ///
    /// # Errors
    ///
    /// If there is no such bucket.
    pub fn put(&self, bucket: &str, key: &str, bytes: impl Into<Bytes>) -> Result<Event, Refused> {
        let object = Object {
            bytes: bytes.into(),
            ..Object::default()
        };
        self.write(bucket, key, object, &Condition::Always, "ObjectCreated:Put")
    }

    /// The newest version of an object, unless it is deleted.
    pub fn get(&self, bucket: &str, key: &str) -> Option<Object> {
        self.state().newest(bucket, key).cloned()
    }

    /// The keys of a bucket with this prefix, and their objects.
    pub fn list(&self, bucket: &str, prefix: &str) -> Vec<(String, Object)> {
        let state = self.state();
        let objects = state.buckets.get(bucket).into_iter().flat_map(|bucket| &bucket.objects);
        objects
            .filter(|(key, _)| key.starts_with(prefix))
            .filter_map(|(key, versions)| {
                Some((key.clone(), versions.last().filter(|object| !object.deleted)?.clone()))
            })
            .collect()
    }

    /// Deletes an object; `None` if there was nothing to delete.
    ///
    /// # Errors
    ///
    /// If there is no such bucket.
    pub fn delete(&self, bucket: &str, key: &str) -> Result<Option<Event>, Refused> {
        self.erase(bucket, key, &Condition::Always)
    }

    pub(crate) fn version(&self, bucket: &str, key: &str, version: &str) -> Option<Object> {
        let state = self.state();
        let versions = state.buckets.get(bucket)?.objects.get(key)?;
        versions.iter().find(|object| object.version == version).cloned()
    }

    pub(crate) fn has_bucket(&self, bucket: &str) -> bool {
        self.state().buckets.contains_key(bucket)
    }

    pub(crate) fn write(
        &self,
        bucket: &str,
        key: &str,
        mut object: Object,
        condition: &Condition,
        name: &'static str,
    ) -> Result<Event, Refused> {
        let mut state = self.state();
        state.check(bucket, key, condition)?;
        let time = state.tick();
        let (count, sequence) = (state.count, state.sequence);
        if object.etag.is_empty() {
            object.etag = etag(&object.bytes);
        }
        object.modified = time.div_euclid(1000);
        if let Some(folder) = &state.folder {
            folder::save(folder, bucket, key, &object).map_err(|_| Refused::Disk)?;
        }
        let there = state.buckets.get_mut(bucket).ok_or(Refused::NoBucket)?;
        let versions = there.objects.entry(key.to_owned()).or_default();
        if there.versioned {
            object.version = format!("v{count}");
        } else {
            versions.clear();
        }
        let mut event = event(bucket, key, name, &object, time, sequence);
        event.size = object.bytes.len() as u64;
        event.etag = Some(object.etag.clone());
        versions.push(object);
        there.tell(&event);
        Ok(event)
    }

    pub(crate) fn erase(&self, bucket: &str, key: &str, condition: &Condition) -> Result<Option<Event>, Refused> {
        let mut state = self.state();
        state.check(bucket, key, condition)?;
        if state.newest(bucket, key).is_none() {
            return Ok(None);
        }
        let time = state.tick();
        let (count, sequence) = (state.count, state.sequence);
        if let Some(folder) = &state.folder {
            folder::remove(folder, bucket, key).map_err(|_| Refused::Disk)?;
        }
        let there = state.buckets.get_mut(bucket).ok_or(Refused::NoBucket)?;
        let mut marker = Object {
            modified: time.div_euclid(1000),
            deleted: true,
            ..Object::default()
        };
        let name = if there.versioned {
            marker.version = format!("v{count}");
            there.objects.entry(key.to_owned()).or_default().push(marker.clone());
            "ObjectRemoved:DeleteMarkerCreated"
        } else {
            there.objects.remove(key);
            "ObjectRemoved:Delete"
        };
        let event = event(bucket, key, name, &marker, time, sequence);
        there.tell(&event);
        Ok(Some(event))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is complete before anything can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn newest(&self, bucket: &str, key: &str) -> Option<&Object> {
        let versions = self.buckets.get(bucket)?.objects.get(key)?;
        versions.last().filter(|object| !object.deleted)
    }

    fn check(&self, bucket: &str, key: &str, condition: &Condition) -> Result<(), Refused> {
        if !self.buckets.contains_key(bucket) {
            return Err(Refused::NoBucket);
        }
        match (condition, self.newest(bucket, key)) {
            (Condition::Always, _) | (Condition::Nothing, None) => Ok(()),
            (Condition::Nothing, Some(_)) => Err(Refused::Condition),
            (Condition::Etag(_), None) => Err(Refused::Missing),
            (Condition::Etag(etag), Some(object)) if *etag == object.etag => Ok(()),
            (Condition::Etag(_), Some(_)) => Err(Refused::Condition),
        }
    }

    /// The time of a write, in milliseconds since 1970.
    fn tick(&mut self) -> i64 {
        self.count += 1;
        let now = match &mut self.ticking {
            Some((time, step)) => {
                *time += *step;
                Duration::from_millis(time.unsigned_abs())
            }
            None => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default(),
        };
        self.sequence = (self.sequence + 1).max(now.as_nanos() as u64);
        now.as_millis() as i64
    }
}

impl Bucket {
    fn tell(&mut self, event: &Event) {
        self.watchers.retain(|watcher| watcher.send(event.clone()).is_ok());
    }
}

fn event(bucket: &str, key: &str, name: &'static str, object: &Object, time: i64, sequence: u64) -> Event {
    Event {
        name,
        bucket: bucket.into(),
        key: key.into(),
        size: 0,
        etag: None,
        version: Some(object.version.clone()).filter(|version| !version.is_empty()),
        sequencer: format!("{sequence:018X}"),
        time,
    }
}

/// The MD5 of the bytes, as S3 uses for objects uploaded in one piece.
pub(crate) fn etag(bytes: &[u8]) -> String {
    Md5::checksum(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
