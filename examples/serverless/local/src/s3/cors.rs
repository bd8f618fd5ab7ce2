//! The bucket's CORS rule, which s3s has not.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderValue, VARY,
};
use hyper::{Request, Response, StatusCode};
use s3s::Body;

use crate::net::text_header;

const METHODS: [&str; 2] = ["PUT", "POST"];

/// The same rule as the uploads bucket has on AWS: one origin, PUT and POST, the header `content-type`, `ETag` to be read.
pub(crate) struct Rule {
    origin: String,
}

impl Rule {
    pub(crate) fn new(origin: String) -> Self {
        Rule { origin }
    }

    /// Answers an `OPTIONS` as S3 does: 403 for what no rule allows.
    pub(crate) fn preflight<B>(&self, request: &Request<B>) -> Response<Body> {
        let asked = |name| text_header(request.headers(), name);
        let method = asked("access-control-request-method").unwrap_or_default();
        let plain = asked("access-control-request-headers")
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .all(|name| name.is_empty() || name.eq_ignore_ascii_case("content-type"));
        let mut response = Response::new(Body::empty());
        if asked("origin") != Some(&self.origin) || !METHODS.contains(&method) || !plain {
            *response.status_mut() = StatusCode::FORBIDDEN;
            return response;
        }
        let headers = response.headers_mut();
        self.mark(Some(&self.origin), headers);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("PUT, POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        response
    }

    /// Adds to an answer what lets the page read it.
    pub(crate) fn mark(&self, origin: Option<&str>, headers: &mut HeaderMap) {
        headers.append(VARY, HeaderValue::from_static("Origin"));
        if origin != Some(&self.origin) {
            return;
        }
        if let Ok(value) = HeaderValue::from_str(&self.origin) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(origin: &str, method: &str, headers: &str) -> Response<Body> {
        let request = Request::builder()
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers);
        Rule::new("http://127.0.0.1:3000".into()).preflight(&request.body(()).unwrap())
    }

    #[test]
    fn the_page_may_put_with_a_content_type() {
        let response = ask("http://127.0.0.1:3000", "PUT", "Content-Type");
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            "http://127.0.0.1:3000"
        );
        assert_eq!(response.headers()["access-control-expose-headers"], "ETag");
    }

    #[test]
    fn nothing_else_may() {
        for (origin, method, headers) in [
            ("http://127.0.0.1:3001", "PUT", "content-type"),
            ("null", "PUT", ""),
            ("http://127.0.0.1:3000", "DELETE", ""),
            ("http://127.0.0.1:3000", "PUT", "content-type, authorization"),
        ] {
            let response = ask(origin, method, headers);
            assert_eq!(response.status(), 403, "{origin} {method} {headers}");
            assert!(!response.headers().contains_key("access-control-allow-origin"));
        }
    }
}
