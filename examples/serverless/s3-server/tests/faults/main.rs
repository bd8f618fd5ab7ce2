//! The feature `s3` over the real SDK and a real server, with at least one test for each fault of S3 and Lambda.

mod delivery;
mod objects;
mod presigned;
mod requests;
mod server;
mod status;
mod world;
