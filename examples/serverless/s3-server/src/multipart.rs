//! Multipart uploads.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use s3s::crypto::{Checksum, Md5};
use s3s::dto::{CompleteMultipartUploadInput, CreateMultipartUploadInput, CreateMultipartUploadOutput};
use s3s::{S3Result, s3_error};

use crate::store::{Object, etag};

#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    count: u64,
    uploads: HashMap<String, Upload>,
}

#[derive(Debug)]
struct Upload {
    object: Object,
    parts: BTreeMap<i32, Bytes>,
}

impl Uploads {
    pub(crate) fn create(&self, input: CreateMultipartUploadInput) -> CreateMultipartUploadOutput {
        let mut state = self.state();
        state.count += 1;
        let id = format!("upload-{}", state.count);
        let object = Object {
            content_type: input.content_type,
            cache_control: input.cache_control,
            metadata: input.metadata.unwrap_or_default(),
            ..Object::default()
        };
        let parts = BTreeMap::new();
        state.uploads.insert(id.clone(), Upload { object, parts });
        CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id),
            ..Default::default()
        }
    }

    pub(crate) fn part(&self, id: &str, number: i32, bytes: Bytes) -> S3Result<String> {
        let mut state = self.state();
        let upload = state.uploads.get_mut(id).ok_or_else(|| s3_error!(NoSuchUpload))?;
        let etag = etag(&bytes);
        upload.parts.insert(number, bytes);
        Ok(etag)
    }

    /// The finished object; its ETag is the MD5 of the parts' MD5s, followed by their number.
    pub(crate) fn complete(&self, input: CompleteMultipartUploadInput) -> S3Result<Object> {
        let mut state = self.state();
        let upload = state
            .uploads
            .remove(&input.upload_id)
            .ok_or_else(|| s3_error!(NoSuchUpload))?;
        let listed = input
            .multipart_upload
            .and_then(|upload| upload.parts)
            .unwrap_or_default();
        let (mut bytes, mut sums) = (Vec::new(), Vec::new());
        for part in &listed {
            let number = part.part_number.unwrap_or_default();
            let content = upload.parts.get(&number).ok_or_else(|| s3_error!(InvalidPart))?;
            sums.extend_from_slice(&Md5::checksum(content));
            bytes.extend_from_slice(content);
        }
        Ok(Object {
            etag: format!("{}-{}", etag(&sums), listed.len()),
            bytes: bytes.into(),
            ..upload.object
        })
    }

    pub(crate) fn abort(&self, id: &str) -> S3Result<()> {
        let upload = self.state().uploads.remove(id);
        upload.map(|_| ()).ok_or_else(|| s3_error!(NoSuchUpload))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
