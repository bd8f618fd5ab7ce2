//! Faults that can be injected into a request.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// A request, as the hook sees it.
#[derive(Debug, Clone)]
pub struct Call {
    /// `GET`, `HEAD`, `PUT`, `DELETE` or `POST`.
    pub method: String,
    /// The bucket.
    pub bucket: String,
    /// The key, decoded; empty for requests on the bucket.
    pub key: String,
    /// The access key that signed it; empty for anonymous ones.
    pub access_key: String,
    /// The number of the request, counted from 0.
    pub number: u64,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it is answered normally.
    None,
    /// It gets an S3 error with this status and code: `Status(503, "SlowDown")`.
    Status(u16, &'static str),
    /// The connection is closed before anything is done.
    Drop,
    /// It takes effect, but the connection is closed before the response, so the client can't know.
    Lose,
    /// The connection closes after this many bytes of the response's body.
    Cut(usize),
    /// The response's body arrives in pieces of this many bytes, with a pause before each.
    Slow(usize, Duration),
}

pub(crate) type Hook = Arc<dyn Fn(Call) -> Pin<Box<dyn Future<Output = Fault> + Send>> + Send + Sync>;

/// A body in pieces, which may end too early.
pub(crate) struct Paced {
    pieces: VecDeque<Bytes>,
    length: u64,
    cut: bool,
    pause: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    pub(crate) fn new(bytes: &Bytes, fault: &Fault) -> Self {
        let (end, piece, pause) = match fault {
            Fault::Cut(end) => (*end, usize::MAX, Duration::ZERO),
            Fault::Slow(piece, pause) => (usize::MAX, *piece, *pause),
            _ => (usize::MAX, usize::MAX, Duration::ZERO),
        };
        let sent = bytes.slice(..end.min(bytes.len()));
        Paced {
            pieces: sent.chunks(piece.max(1)).map(|piece| sent.slice_ref(piece)).collect(),
            length: bytes.len() as u64,
            cut: sent.len() < bytes.len(),
            pause,
            timer: None,
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let pause = match self.pieces.is_empty() {
            false => self.pause,
            // Lets the data sent arrive before the connection ends.
            true if self.cut => Duration::from_millis(1),
            true => Duration::ZERO,
        };
        if !pause.is_zero() {
            let until = Instant::now() + pause;
            ready!(
                self.timer
                    .get_or_insert_with(|| Box::pin(sleep_until(until)))
                    .as_mut()
                    .poll(context)
            );
            self.timer = None;
        }
        match self.pieces.pop_front() {
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            None if std::mem::take(&mut self.cut) => Poll::Ready(Some(Err(std::io::Error::other("cut")))),
            None => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
