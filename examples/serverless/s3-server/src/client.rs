//! Clients of the AWS SDK (feature `client`).

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};

use crate::Server;

/// An S3 client for an address: path-style, plain HTTP.
pub fn client(endpoint: &str, key: &str, secret: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .credentials_provider(Credentials::new(key, secret, None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_s3::Client::from_conf(config)
}

impl Server {
    /// A client with one of the keys (the first in alphabetical order).
    pub fn client(&self) -> aws_sdk_s3::Client {
        let first = self.keys().keys().min();
        self.client_of(first.map_or("", String::as_str))
    }

    /// A client with this access key.
    pub fn client_of(&self, key: &str) -> aws_sdk_s3::Client {
        client(&self.endpoint(), key, self.keys().get(key).map_or("", String::as_str))
    }
}
