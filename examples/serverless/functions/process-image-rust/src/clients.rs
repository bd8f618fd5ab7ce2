//! Makes clients from the variables that Lambda sets. The crate `aws-config` looks in many more places, and is larger
//! for it.

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

pub(crate) fn s3() -> aws_sdk_s3::Client {
    let endpoint = endpoint("AWS_ENDPOINT_URL_S3");
    let mut config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region())
        .credentials_provider(credentials())
        .force_path_style(env("S3_FORCE_PATH_STYLE").as_deref() == Some("true"))
        .http_client(http(endpoint.as_deref()));
    config.set_endpoint_url(endpoint);
    aws_sdk_s3::Client::from_conf(config.build())
}

pub(crate) fn sqs() -> aws_sdk_sqs::Client {
    let endpoint = endpoint("AWS_ENDPOINT_URL_SQS");
    let mut config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region())
        .credentials_provider(credentials())
        .http_client(http(endpoint.as_deref()));
    config.set_endpoint_url(endpoint);
    aws_sdk_sqs::Client::from_conf(config.build())
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn endpoint(name: &str) -> Option<String> {
    env(name).or_else(|| env("AWS_ENDPOINT_URL"))
}

fn region() -> Region {
    Region::new(env("AWS_REGION").unwrap_or_else(|| "us-east-1".into()))
}

fn credentials() -> Credentials {
    Credentials::new(
        env("AWS_ACCESS_KEY_ID").unwrap_or_default(),
        env("AWS_SECRET_ACCESS_KEY").unwrap_or_default(),
        env("AWS_SESSION_TOKEN"),
        None,
        "environment",
    )
}

fn http(endpoint: Option<&str>) -> SharedHttpClient {
    let http = aws_smithy_http_client::Builder::new();
    match endpoint {
        Some(url) if url.starts_with("http://") => http.build_http(),
        _ => http.tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https(),
    }
}
