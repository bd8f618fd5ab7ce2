//! The native part of the npm package `keenpix`: reads plans and limits from JSON, calls the core off the event loop,
//! hands the results over. It holds no default and no option: those are the core's. What JavaScript users see is
//! `lib/`.
//!
//! Nothing is thrown from here for a picture's or a plan's fault: a call answers with results or with a
//! [`Fault`](faults::Fault), which `lib/` turns into a `KeenpixError` that has the caller's stack.
#![allow(
    unreachable_pub,
    missing_docs,
    reason = "what `#[napi]` exports has to be `pub`, and is documented where users meet it: index.d.ts"
)]

mod cancel;
mod clock;
mod faults;
mod image;
mod inspect;
mod limits;
mod plan;
mod probe;
mod stats;
mod transform;

/// Node lives long, and calls from several threads: without this it grows to a multiple of what pictures need.
#[global_allocator]
static ALLOCATOR: keenpix_allocator::Mapping = keenpix_allocator::Mapping;
