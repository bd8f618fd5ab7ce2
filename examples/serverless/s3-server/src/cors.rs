//! A bucket's CORS rule, which `s3s` lacks.

use bytes::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Request, Response, StatusCode};

/// Which web pages may use the server, and how: like the CORS rule of an uploads bucket on AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// The pages' origins.
    pub origins: Vec<String>,
    /// Methods. Default: `PUT` and `POST`.
    pub methods: Vec<String>,
    /// Headers that requests may have. Default: `content-type`.
    pub headers: Vec<String>,
}

impl Cors {
    /// Uploads from these origins: `PUT` and `POST` with a `content-type`; `ETag` may be read.
    pub fn uploads<O: Into<String>>(origins: impl IntoIterator<Item = O>) -> Self {
        Cors {
            origins: origins.into_iter().map(Into::into).collect(),
            methods: ["PUT", "POST"].map(str::to_owned).into(),
            headers: vec!["content-type".into()],
        }
    }

    /// Answers an `OPTIONS` request as S3 does: with 403 unless the rule allows it.
    pub(crate) fn preflight<B>(&self, request: &Request<B>) -> Response<Bytes> {
        let asked = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let method = asked(header::ACCESS_CONTROL_REQUEST_METHOD).unwrap_or_default();
        let names = asked(header::ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
        let mut names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        let known = names.all(|name| self.headers.iter().any(|allowed| allowed.eq_ignore_ascii_case(name)));
        let origin = request.headers().get(header::ORIGIN);
        let mut response = Response::new(Bytes::new());
        if !self.allows(origin) || !self.methods.iter().any(|allowed| allowed == method) || !known {
            *response.status_mut() = StatusCode::FORBIDDEN;
            return response;
        }
        let headers = response.headers_mut();
        self.mark(origin, headers);
        for (name, values) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, &self.methods),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, &self.headers),
        ] {
            if let Ok(value) = HeaderValue::from_str(&values.join(", ")) {
                headers.insert(name, value);
            }
        }
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        response
    }

    /// Adds the headers that let the page read a response.
    pub(crate) fn mark(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = origin.filter(|origin| self.allows(Some(origin))) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag"));
        }
    }

    fn allows(&self, origin: Option<&HeaderValue>) -> bool {
        origin.is_some_and(|origin| self.origins.iter().any(|allowed| origin == allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(origin: &str, method: &str, headers: &str) -> Response<Bytes> {
        let request = Request::builder()
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers);
        Cors::uploads(["http://127.0.0.1:3000"]).preflight(&request.body(()).unwrap())
    }

    #[test]
    fn the_page_may_put_with_a_content_type() {
        let response = ask("http://127.0.0.1:3000", "PUT", "Content-Type");
        assert_eq!(response.status(), 200);
        let headers = response.headers();
        assert_eq!(headers["access-control-allow-origin"], "http://127.0.0.1:3000");
        assert_eq!(headers["access-control-allow-methods"], "PUT, POST");
        assert_eq!(headers["access-control-expose-headers"], "ETag");
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
