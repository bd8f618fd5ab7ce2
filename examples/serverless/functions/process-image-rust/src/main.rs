//! Wires the function to Lambda's runtime and to S3.

use std::time::{Duration, Instant, SystemTime};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use process_image::{Config, Function};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Config::read(|name| std::env::var(name).ok())?;
    let function = &Function::new(client(), config);
    let handler = |event: LambdaEvent<Value>| async move {
        let end = Duration::from_millis(event.context.deadline);
        let left = end.checked_sub(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?);
        let deadline = Instant::now() + left.unwrap_or_default();
        Ok::<Value, Error>(function.handle(event.payload, Some(deadline)).await?)
    };
    lambda_runtime::run(service_fn(handler)).await
}

/// A client from what Lambda sets: the crate `aws-config` would look in many more places, and has the size of it.
fn client() -> aws_sdk_s3::Client {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let endpoint = env("AWS_ENDPOINT_URL_S3").or_else(|| env("AWS_ENDPOINT_URL"));
    let http = aws_smithy_http_client::Builder::new();
    let http = match &endpoint {
        Some(url) if url.starts_with("http://") => http.build_http(),
        _ => http.tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https(),
    };
    let credentials = Credentials::new(
        env("AWS_ACCESS_KEY_ID").unwrap_or_default(),
        env("AWS_SECRET_ACCESS_KEY").unwrap_or_default(),
        env("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let mut config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(env("AWS_REGION").unwrap_or_else(|| "us-east-1".into())))
        .credentials_provider(credentials)
        .force_path_style(env("S3_FORCE_PATH_STYLE").as_deref() == Some("true"))
        .http_client(http);
    config.set_endpoint_url(endpoint);
    aws_sdk_s3::Client::from_conf(config.build())
}
