//! Objects in a folder: a file for each, with a line of JSON before the content.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::{Value, json};

use crate::store::{Object, etag};

/// All objects in a folder, by bucket and key.
pub(crate) fn load(folder: &Path) -> io::Result<BTreeMap<String, BTreeMap<String, Object>>> {
    std::fs::create_dir_all(folder)?;
    let mut buckets = BTreeMap::new();
    for bucket in std::fs::read_dir(folder)? {
        let bucket = bucket?;
        if !bucket.file_type()?.is_dir() {
            continue;
        }
        let objects: &mut BTreeMap<String, Object> = buckets
            .entry(bucket.file_name().to_string_lossy().into_owned())
            .or_default();
        for file in std::fs::read_dir(bucket.path())? {
            let file = file?;
            let path = file.path();
            if !file.file_type()?.is_file() {
                continue;
            }
            // Half-written by a killed process.
            if path.extension().is_some_and(|extension| extension == "part") {
                std::fs::remove_file(path)?;
            } else if let Some((key, object)) = read(&std::fs::read(path)?) {
                objects.insert(key, object);
            }
        }
    }
    Ok(buckets)
}

pub(crate) fn save(folder: &Path, bucket: &str, key: &str, object: &Object) -> io::Result<()> {
    let head = json!({
        "key": key,
        "etag": object.etag,
        "modified": object.modified,
        "contentType": object.content_type,
        "cacheControl": object.cache_control,
        "metadata": object.metadata,
    });
    let mut bytes = head.to_string().into_bytes();
    bytes.push(b'\n');
    bytes.extend_from_slice(&object.bytes);
    let path = file(folder, bucket, key);
    let part = path.with_extension("part");
    std::fs::write(&part, bytes)?;
    std::fs::rename(part, path)
}

pub(crate) fn remove(folder: &Path, bucket: &str, key: &str) -> io::Result<()> {
    match std::fs::remove_file(file(folder, bucket, key)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The file for a key, which may be longer than a file name and contain any characters.
fn file(folder: &Path, bucket: &str, key: &str) -> PathBuf {
    folder.join(bucket).join(etag(key.as_bytes()))
}

fn read(bytes: &[u8]) -> Option<(String, Object)> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, content) = bytes.split_at(end);
    let head: Value = serde_json::from_slice(head).ok()?;
    let text = |name: &str| head[name].as_str().map(str::to_owned);
    let object = Object {
        bytes: Bytes::copy_from_slice(content.get(1..)?),
        etag: text("etag")?,
        modified: head["modified"].as_i64()?,
        content_type: text("contentType"),
        cache_control: text("cacheControl"),
        metadata: serde_json::from_value(head["metadata"].clone()).ok()?,
        ..Object::default()
    };
    Some((text("key")?, object))
}
