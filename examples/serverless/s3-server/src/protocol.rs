//! Implements S3's operations on the store.

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use s3s::dto::*;
use s3s::{Body, S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};

use crate::multipart::Uploads;
use crate::store::{Condition, Object as Stored, Refused, Store};

/// Larger than any photo; a body is kept in memory until it is complete.
const LARGEST: usize = 256 << 20;

#[derive(Debug)]
pub(crate) struct Protocol {
    pub(crate) store: Store,
    pub(crate) uploads: Uploads,
}

/// The fields that the output types of GET and HEAD share.
macro_rules! described {
    ($output:ident, $object:expr, { $($field:ident: $value:expr,)* }) => {
        $output {
            $($field: $value,)*
            accept_ranges: Some("bytes".into()),
            e_tag: Some(ETag::Strong($object.etag)),
            last_modified: Some(time($object.modified)),
            content_type: $object.content_type.or(Some("binary/octet-stream".into())),
            cache_control: $object.cache_control,
            metadata: Some($object.metadata),
            version_id: Some($object.version).filter(|id| !id.is_empty()),
            ..Default::default()
        }
    };
}

#[async_trait::async_trait]
impl S3 for Protocol {
    async fn create_bucket(&self, req: S3Request<CreateBucketInput>) -> S3Result<S3Response<CreateBucketOutput>> {
        self.store.create_bucket(&req.input.bucket);
        Ok(S3Response::new(CreateBucketOutput::default()))
    }

    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.bucket(&req.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn put_object(&self, req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let input = req.input;
        self.bucket(&input.bucket)?;
        let object = Stored {
            bytes: read(input.body).await?,
            content_type: input.content_type,
            cache_control: input.cache_control,
            metadata: input.metadata.unwrap_or_default(),
            ..Stored::default()
        };
        let condition = match (&input.if_match, &input.if_none_match) {
            (Some(ETagCondition::ETag(etag)), _) => Condition::Etag(etag.value().to_owned()),
            (None, Some(ETagCondition::Any)) => Condition::Nothing,
            (None, None) => Condition::Always,
            _ => return Err(s3_error!(NotImplemented)),
        };
        let name = match req.method.as_str() {
            "POST" => "ObjectCreated:Post",
            _ => "ObjectCreated:Put",
        };
        let event = self
            .store
            .write(&input.bucket, &input.key, object, &condition, name)
            .map_err(refused)?;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: event.etag.map(ETag::Strong),
            version_id: event.version,
            ..Default::default()
        }))
    }

    async fn get_object(&self, req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let input = req.input;
        let object = self.find(&input.bucket, &input.key, input.version_id.as_deref())?;
        condition(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let size = object.bytes.len() as u64;
        let (bytes, range) = match input.range {
            None => (object.bytes.clone(), None),
            Some(range) => {
                let part = range.check(size).map_err(|_| s3_error!(InvalidRange))?;
                let text = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
                (object.bytes.slice(part.start as usize..part.end as usize), Some(text))
            }
        };
        Ok(S3Response::new(described!(GetObjectOutput, object, {
            content_length: Some(bytes.len() as i64),
            content_range: range,
            body: Some(StreamingBlob::from(Body::from(bytes))),
        })))
    }

    async fn head_object(&self, req: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let input = req.input;
        let object = self.find(&input.bucket, &input.key, input.version_id.as_deref())?;
        condition(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
        Ok(S3Response::new(described!(HeadObjectOutput, object, {
            content_length: Some(object.bytes.len() as i64),
        })))
    }

    async fn delete_object(&self, req: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        let input = req.input;
        let condition = match &input.if_match {
            Some(ETagCondition::ETag(etag)) => Condition::Etag(etag.value().to_owned()),
            _ => Condition::Always,
        };
        let event = self
            .store
            .erase(&input.bucket, &input.key, &condition)
            .map_err(refused)?;
        let version_id = event.and_then(|event| event.version);
        Ok(S3Response::new(DeleteObjectOutput {
            delete_marker: version_id.as_ref().map(|_| true),
            version_id,
            ..Default::default()
        }))
    }

    async fn delete_objects(&self, req: S3Request<DeleteObjectsInput>) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let input = req.input;
        let mut deleted = Vec::new();
        for object in input.delete.objects {
            self.store
                .erase(&input.bucket, &object.key, &Condition::Always)
                .map_err(refused)?;
            deleted.push(DeletedObject {
                key: Some(object.key),
                ..Default::default()
            });
        }
        Ok(S3Response::new(DeleteObjectsOutput {
            deleted: Some(deleted),
            ..Default::default()
        }))
    }

    async fn copy_object(&self, req: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        let input = req.input;
        let CopySource::Bucket {
            bucket,
            key,
            version_id,
        } = &input.copy_source
        else {
            return Err(s3_error!(NotImplemented));
        };
        let source = self.find(bucket, key, version_id.as_deref())?;
        let replace = input
            .metadata_directive
            .as_ref()
            .is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE);
        let object = match replace {
            true => Stored {
                bytes: source.bytes,
                content_type: input.content_type,
                cache_control: input.cache_control,
                metadata: input.metadata.unwrap_or_default(),
                ..Stored::default()
            },
            false => source,
        };
        let event = self
            .store
            .write(
                &input.bucket,
                &input.key,
                object,
                &Condition::Always,
                "ObjectCreated:Copy",
            )
            .map_err(refused)?;
        Ok(S3Response::new(CopyObjectOutput {
            copy_object_result: Some(CopyObjectResult {
                e_tag: event.etag.map(ETag::Strong),
                last_modified: Some(time(event.time.div_euclid(1000))),
                ..Default::default()
            }),
            version_id: event.version,
            ..Default::default()
        }))
    }

    async fn list_buckets(&self, _: S3Request<ListBucketsInput>) -> S3Result<S3Response<ListBucketsOutput>> {
        let bucket = |name| Bucket {
            name: Some(name),
            // Clients expect one, but buckets here don't store it.
            creation_date: Some(time(0)),
            ..Default::default()
        };
        Ok(S3Response::new(ListBucketsOutput {
            buckets: Some(self.store.buckets().into_iter().map(bucket).collect()),
            ..Default::default()
        }))
    }

    async fn list_objects_v2(&self, req: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.bucket(&req.input.bucket)?;
        Ok(S3Response::new(crate::list::page(&self.store, req.input)))
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.bucket(&req.input.bucket)?;
        Ok(S3Response::new(self.uploads.create(req.input)))
    }

    async fn upload_part(&self, req: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        let bytes = read(req.input.body).await?;
        let etag = self.uploads.part(&req.input.upload_id, req.input.part_number, bytes)?;
        Ok(S3Response::new(UploadPartOutput {
            e_tag: Some(ETag::Strong(etag)),
            ..Default::default()
        }))
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let (bucket, key) = (req.input.bucket.clone(), req.input.key.clone());
        let object = self.uploads.complete(req.input)?;
        let name = "ObjectCreated:CompleteMultipartUpload";
        let event = self
            .store
            .write(&bucket, &key, object, &Condition::Always, name)
            .map_err(refused)?;
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            bucket: Some(bucket),
            key: Some(key),
            e_tag: event.etag.map(ETag::Strong),
            version_id: event.version,
            ..Default::default()
        }))
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        self.uploads.abort(&req.input.upload_id)?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

impl Protocol {
    fn bucket(&self, name: &str) -> S3Result<()> {
        if self.store.has_bucket(name) {
            Ok(())
        } else {
            Err(s3_error!(NoSuchBucket))
        }
    }

    fn find(&self, bucket: &str, key: &str, version: Option<&str>) -> S3Result<Stored> {
        self.bucket(bucket)?;
        match version {
            None => self.store.get(bucket, key).ok_or_else(|| s3_error!(NoSuchKey)),
            Some(version) => match self.store.version(bucket, key, version) {
                Some(object) if object.deleted => Err(s3_error!(MethodNotAllowed)),
                Some(object) => Ok(object),
                None => Err(s3_error!(NoSuchVersion)),
            },
        }
    }
}

async fn read(body: Option<StreamingBlob>) -> S3Result<Bytes> {
    let Some(body) = body else { return Ok(Bytes::new()) };
    let collected = Limited::new(Body::from(body), LARGEST).collect().await;
    // This also detects wrong checksums and truncated bodies: nothing is stored until the body is complete.
    let collected = collected.map_err(|error| match error.is::<LengthLimitError>() {
        true => s3_error!(EntityTooLarge),
        false => S3Error::with_source(S3ErrorCode::IncompleteBody, error),
    })?;
    Ok(collected.to_bytes())
}

fn condition(object: &Stored, matches: Option<&ETagCondition>, none: Option<&ETagCondition>) -> S3Result<()> {
    let is = |condition: &ETagCondition| match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    };
    if matches.is_some_and(|condition| !is(condition)) {
        return Err(s3_error!(PreconditionFailed));
    }
    if none.is_some_and(is) {
        return Err(s3_error!(NotModified));
    }
    Ok(())
}

fn refused(refused: Refused) -> S3Error {
    match refused {
        Refused::NoBucket => s3_error!(NoSuchBucket),
        Refused::Missing => s3_error!(NoSuchKey),
        Refused::Condition => s3_error!(PreconditionFailed),
        Refused::Disk => s3_error!(InternalError),
    }
}

pub(crate) fn time(seconds: i64) -> Timestamp {
    let since = std::time::Duration::from_secs(seconds.max(0) as u64);
    (std::time::SystemTime::UNIX_EPOCH + since).into()
}
