//! The buckets: s3s-fs, with the conditions that it lacks, and with news of every change.

use std::path::Path;
use std::sync::Arc;

use hyper::Method;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput,
    CopyObjectInput, CopyObjectOutput, CopySource, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, ETag, ETagCondition,
    GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput,
    ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output, ListPartsInput, ListPartsOutput,
    PutObjectInput, PutObjectOutput, StreamingBlob, UploadPartInput, UploadPartOutput,
};
use s3s::{Body, S3, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::sync::{RwLock, mpsc};

use super::event::sequencer;
use crate::net::{AnyError, collect};

/// More than any photo; a body is held in memory until it is whole.
const LARGEST: usize = 256 << 20;

/// What happened to an object.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) name: &'static str,
    pub(crate) bucket: String,
    pub(crate) key: String,
    /// Size and ETag of what is there now; none after a deletion.
    pub(crate) stored: Option<(u64, String)>,
    pub(crate) sequencer: String,
}

/// Buckets in a folder. Clones are the same buckets.
#[derive(Clone)]
pub(crate) struct Store {
    files: Arc<FileSystem>,
    /// s3s-fs writes an object and then what it knows about it: nobody may look in between.
    lock: Arc<RwLock<()>>,
    news: mpsc::UnboundedSender<Change>,
}

impl Store {
    /// Opens a folder, with these buckets in it, and hands out where changes are told.
    pub(crate) async fn open(
        folder: &Path,
        buckets: &[&str],
    ) -> Result<(Self, mpsc::UnboundedReceiver<Change>), AnyError> {
        for bucket in buckets {
            tokio::fs::create_dir_all(folder.join(bucket)).await?;
        }
        let files = FileSystem::new(folder).map_err(|error| format!("{}: {error:?}", folder.display()))?;
        let (news, changes) = mpsc::unbounded_channel();
        let store = Store {
            files: Arc::new(files),
            lock: Arc::default(),
            news,
        };
        Ok((store, changes))
    }

    /// An object for the CDN, which signs for itself.
    pub(crate) async fn get(&self, bucket: &str, key: &str) -> S3Result<GetObjectOutput> {
        let input = GetObjectInput {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            ..Default::default()
        };
        Ok(self.get_object(internal(input)).await?.output)
    }

    async fn head(&self, bucket: &str, key: &str) -> Option<HeadObjectOutput> {
        let input = HeadObjectInput {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            ..Default::default()
        };
        Some(self.files.head_object(internal(input)).await.ok()?.output)
    }

    async fn tell(&self, name: &'static str, bucket: &str, key: &str) {
        let stored = self.head(bucket, key).await;
        let change = Change {
            name,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            stored: stored.map(|head| {
                (
                    head.content_length.unwrap_or(0).max(0) as u64,
                    etag(head.e_tag.as_ref()),
                )
            }),
            sequencer: sequencer(),
        };
        // Nobody listens any more while the program ends.
        let _ = self.news.send(change);
    }

    async fn put(
        &self,
        mut request: S3Request<PutObjectInput>,
        name: &'static str,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        if let Some(blob) = request.input.body.take() {
            // The signature of a body is checked at its end: until then nothing is stored.
            let bytes = collect(Body::from(s3s::stream::DynByteStream::from(blob)), LARGEST)
                .await
                .map_err(|error| s3_error!(IncompleteBody, "{error}"))?;
            request.input.content_length = Some(bytes.len() as i64);
            request.input.body = Some(StreamingBlob::from(Body::from(bytes)));
        }
        let _alone = self.lock.write().await;
        let response = self.files.put_object(request).await?;
        self.tell(name, &bucket, &key).await;
        Ok(response)
    }
}

#[async_trait::async_trait]
impl S3 for Store {
    async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        // A form upload arrives here as well, by the trait's own `post_object`.
        let name = if request.method == Method::POST {
            "ObjectCreated:Post"
        } else {
            "ObjectCreated:Put"
        };
        self.put(request, name).await
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let (if_match, if_none_match) = (request.input.if_match.clone(), request.input.if_none_match.clone());
        let _still = self.lock.read().await;
        let response = self.files.get_object(request).await?;
        let found = response.output.e_tag.as_ref();
        if if_match.is_some_and(|condition| !holds(&condition, found)) {
            return Err(s3_error!(PreconditionFailed));
        }
        if if_none_match.is_some_and(|condition| holds(&condition, found)) {
            return Err(s3_error!(NotModified));
        }
        Ok(response)
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let _still = self.lock.read().await;
        self.files.head_object(request).await
    }

    async fn delete_object(&self, request: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let _alone = self.lock.write().await;
        let found = self.head(&bucket, &key).await;
        if let Some(condition) = &request.input.if_match
            && !found.as_ref().is_some_and(|head| holds(condition, head.e_tag.as_ref()))
        {
            return Err(s3_error!(PreconditionFailed));
        }
        let response = self.files.delete_object(request).await?;
        if found.is_some() {
            self.tell("ObjectRemoved:Delete", &bucket, &key).await;
        }
        Ok(response)
    }

    async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let bucket = request.input.bucket.clone();
        let _alone = self.lock.write().await;
        let response = self.files.delete_objects(request).await?;
        for key in response
            .output
            .deleted
            .iter()
            .flatten()
            .filter_map(|one| one.key.as_ref())
        {
            self.tell("ObjectRemoved:Delete", &bucket, key).await;
        }
        Ok(response)
    }

    async fn copy_object(&self, request: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        if !matches!(request.input.copy_source, CopySource::Bucket { .. }) {
            return Err(s3_error!(NotImplemented));
        }
        let _alone = self.lock.write().await;
        let response = self.files.copy_object(request).await?;
        self.tell("ObjectCreated:Copy", &bucket, &key).await;
        Ok(response)
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let _alone = self.lock.write().await;
        let response = self.files.complete_multipart_upload(request).await?;
        self.tell("ObjectCreated:CompleteMultipartUpload", &bucket, &key).await;
        Ok(response)
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.files.create_multipart_upload(request).await
    }

    async fn upload_part(&self, request: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        self.files.upload_part(request).await
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        self.files.list_parts(request).await
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        self.files.abort_multipart_upload(request).await
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.files.head_bucket(request).await
    }

    async fn list_objects(&self, request: S3Request<ListObjectsInput>) -> S3Result<S3Response<ListObjectsOutput>> {
        self.files.list_objects(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.files.list_objects_v2(request).await
    }
}

fn holds(condition: &ETagCondition, found: Option<&ETag>) -> bool {
    match condition {
        ETagCondition::Any => found.is_some(),
        ETagCondition::ETag(wanted) => found.is_some_and(|found| found.strong_cmp(wanted)),
    }
}

fn etag(tag: Option<&ETag>) -> String {
    tag.map(|tag| tag.value().to_owned()).unwrap_or_default()
}

/// A request that did not come over the network.
fn internal<T>(input: T) -> S3Request<T> {
    S3Request {
        input,
        method: hyper::Method::GET,
        uri: hyper::Uri::default(),
        headers: hyper::HeaderMap::new(),
        extensions: hyper::http::Extensions::new(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    }
}
