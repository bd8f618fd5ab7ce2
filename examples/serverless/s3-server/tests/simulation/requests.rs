//! Counts the requests of a function that have begun and not ended, to the last byte of their bodies.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use aws_sdk_s3::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, BeforeSerializationInterceptorContextRef,
};
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::SdkBody;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use hyper::body::{Body, Bytes, Frame, SizeHint};

#[derive(Clone)]
pub(crate) struct Requests(Arc<Shared>);

struct Shared {
    under_way: AtomicUsize,
    moved: Box<dyn Fn() + Send + Sync>,
}

/// One of them: it ends when the last of the request and its response's body is dropped.
#[derive(Debug, Clone)]
struct Request(#[expect(dead_code, reason = "it is dropped")] Arc<Counted>);

#[derive(Debug)]
struct Counted(Requests);

impl Requests {
    /// `moved` is called whenever one has ended.
    pub(crate) fn new(moved: impl Fn() + Send + Sync + 'static) -> Self {
        Requests(Arc::new(Shared {
            under_way: AtomicUsize::new(0),
            moved: Box::new(moved),
        }))
    }

    pub(crate) fn under_way(&self) -> usize {
        self.0.under_way.load(Ordering::SeqCst)
    }
}

impl std::fmt::Debug for Requests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Requests").field(&self.under_way()).finish()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let Requests(shared) = &self.0;
        shared.under_way.fetch_sub(1, Ordering::SeqCst);
        (shared.moved)();
    }
}

impl Storable for Request {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Requests {
    fn name(&self) -> &'static str {
        "Requests"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.under_way.fetch_add(1, Ordering::SeqCst);
        bag.interceptor_state()
            .store_put(Request(Arc::new(Counted(self.clone()))));
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = bag.load::<Request>().cloned();
        let body = context.response_mut().body_mut();
        let inner = std::mem::replace(body, SdkBody::empty());
        *body = SdkBody::from_body_1_x(Counting {
            inner,
            _request: request,
        });
        Ok(())
    }
}

struct Counting {
    inner: SdkBody,
    _request: Option<Request>,
}

impl Body for Counting {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        Body::is_end_stream(&self.inner)
    }

    fn size_hint(&self) -> SizeHint {
        Body::size_hint(&self.inner)
    }
}
