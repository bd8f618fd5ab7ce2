//! The check at start: sends a sample photo through the system as a browser would.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::net::{AnyError, send};
use crate::stack::Addresses;

const SAMPLE: &[u8] = include_bytes!("../../../photos/portrait-orientation-6.jpg");

/// Uploads the sample unless the demo user already has an avatar, and waits for the result. Returns how long it took.
pub(crate) async fn check(at: &Addresses) -> Result<String, AnyError> {
    let user = parsed(
        "sign-in",
        send("POST", &format!("{}/sign-in", at.page), &[], "".into()).await?,
    )?;
    let (subject, token) = (text(&user, "sub")?, text(&user, "token")?);
    let status_at = format!("{}/avatars/{subject}.json", at.cdn);

    let started = Instant::now();
    let headers = [
        ("authorization", format!("Bearer {token}")),
        ("content-type", "application/json".into()),
        ("origin", at.page.clone()),
    ];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = send(
        "POST",
        &format!("{}/avatars/key_upload", at.api),
        &headers,
        r#"{"extension":"jpg"}"#.into(),
    )
    .await?;
    let url = text(&parsed("POST /avatars/key_upload", answer)?, "url")?;
    if send("GET", &status_at, &[], "".into()).await?.status().is_success() {
        return Ok(format!(
            "the demo user's avatar is still there; an upload URL took {} ms",
            started.elapsed().as_millis()
        ));
    }
    let put = send("PUT", &url, &[("content-type", "image/jpeg")], SAMPLE.into()).await?;
    if !put.status().is_success() {
        return Err(format!(
            "the upload answered {}: {}",
            put.status(),
            String::from_utf8_lossy(put.body())
        )
        .into());
    }
    let etag = put
        .headers()
        .get("etag")
        .and_then(|tag| tag.to_str().ok())
        .unwrap_or_default()
        .trim_matches('"')
        .to_owned();
    while started.elapsed() < Duration::from_secs(60) {
        let answer = send("GET", &status_at, &[], "".into()).await?;
        if answer.status().is_success() {
            let status = parsed("the status", answer)?;
            if status["source"]["etag"] == etag.as_str() {
                return verdict(&status, started.elapsed());
            }
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Err("the sample photo went in and nothing came out".into())
}

fn verdict(status: &Value, took: Duration) -> Result<String, AnyError> {
    match text(status, "state")?.as_str() {
        "ready" => Ok(format!(
            "the sample photo became an avatar in {} ms, from the request for a URL on",
            took.as_millis()
        )),
        _ => Err(format!("the sample photo was rejected: {status}").into()),
    }
}

fn parsed(what: &str, answer: hyper::Response<bytes::Bytes>) -> Result<Value, AnyError> {
    if !answer.status().is_success() {
        return Err(format!(
            "{what} answered {}: {}",
            answer.status(),
            String::from_utf8_lossy(answer.body())
        )
        .into());
    }
    Ok(serde_json::from_slice(answer.body())?)
}

fn text(value: &Value, name: &str) -> Result<String, AnyError> {
    Ok(value[name]
        .as_str()
        .ok_or_else(|| format!("no `{name}` in {value}"))?
        .to_owned())
}
