//! The native part of the npm package `keenpix`: reads plans and limits from JSON, calls the core off the event loop,
//! and hands the results over. Options and defaults are the core's. JavaScript users see only `lib/`.
//!
//! It doesn't throw if an image or a plan is at fault: calls return results or a [`Fault`](faults::Fault), which `lib/`
//! turns into a `KeenpixError` with the caller's stack.
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

/// Node runs for long and calls from several threads: without this allocator it would grow to a multiple of the memory
/// that images need.
#[global_allocator]
static ALLOCATOR: keenpix_allocator::Mapping = keenpix_allocator::Mapping;
