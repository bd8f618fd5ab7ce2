//! The feature `s3` over the real SDK and a real server: each fault that S3 and Lambda can bring, one test or more.

mod delivery;
mod objects;
mod presigned;
mod requests;
mod server;
mod status;
mod world;
