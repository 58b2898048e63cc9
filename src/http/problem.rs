//! Errors as `application/problem+json` (RFC 9457): what, where, what next; Chinese first, English beside it.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::layer::{Fault, Words};

/// An answer that says what went wrong. Internals never get in: they go to the log.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    /// Short name of the kind: `bad-parameter`.
    kind: &'static str,
    title: Words,
    detail: Words,
    hint: Option<Words>,
    parameter: Option<String>,
    /// Where in the parameter's value, in characters from 0.
    position: Option<usize>,
    faults: Vec<Fault>,
}

fn words(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: Words, detail: Words) -> Problem {
        Problem(Box::new(Parts {
            status,
            kind,
            title,
            detail,
            hint: None,
            parameter: None,
            position: None,
            faults: vec![],
        }))
    }

    /// 400: a parameter whose value can't be read.
    pub fn parameter(name: &str, detail: Words, hint: Words) -> Problem {
        let title = words(format!("参数 {name} 有误"), format!("parameter {name} is wrong"));
        let mut p = Problem::new(StatusCode::BAD_REQUEST, "bad-parameter", title, detail);
        p.0.parameter = Some(name.chars().take(80).collect());
        p.0.hint = Some(hint);
        p
    }

    /// 400: a parameter that the resource does not know, with those it does.
    pub fn unknown_parameter(name: &str, known: &[&str]) -> Problem {
        let shown: String = name.chars().take(80).collect();
        let list = known.join(", ");
        Problem::parameter(
            &shown,
            words(format!("没有名为“{shown}”的参数"), format!("there is no parameter '{shown}' here")),
            if known.is_empty() {
                words("此地址不带参数", "this address takes no parameters")
            } else {
                words(format!("可用参数：{list}"), format!("parameters are {list}"))
            },
        )
    }

    /// 404: something that is not there, or that the reader may not see.
    pub fn not_found(zh: impl Into<String>, en: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", words("未找到", "not found"), words(zh, en))
    }

    /// 406: no form of the answer that the client takes.
    pub fn not_acceptable(offered: &str) -> Problem {
        let detail = words(format!("可提供的格式：{offered}"), format!("offered are {offered}"));
        Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "not-acceptable",
            words("没有可接受的格式", "no acceptable form"),
            detail,
        )
    }

    /// 405: the address is there, the method is not.
    pub fn method() -> Problem {
        let detail = words("此地址不支持该请求方法", "this address does not take that method");
        Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            words("方法不支持", "method not allowed"),
            detail,
        )
    }

    /// 403: refused, whoever asks.
    pub fn forbidden(zh: impl Into<String>, en: impl Into<String>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "forbidden", words("拒绝访问", "refused"), words(zh, en))
    }

    /// 500: our fault. The cause goes to the log under an id, which alone is told.
    pub fn internal(cause: &dyn std::fmt::Display) -> Problem {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = format!("{:x}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        tracing::error!(id, cause = %cause, "internal fault");
        let detail = words(
            format!("服务内部错误，编号 {id}；请将编号告知管理员"),
            format!("internal fault {id}; tell the administrator this number"),
        );
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", words("内部错误", "internal fault"), detail)
    }

    /// The same with the faults of the data listed.
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Problem {
        self.0.faults = faults;
        self
    }

    /// The same with the place in the parameter's value, in characters from 0.
    pub fn at(mut self, position: Option<usize>) -> Problem {
        self.0.position = position;
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let part = *self.0;
        let mut body = json!({
            "type": format!("urn:townseat:problem:{}", part.kind),
            "title": part.title.zh,
            "status": part.status.as_u16(),
            "detail": part.detail.zh,
            "en": { "title": part.title.en, "detail": part.detail.en },
        });
        if let Some(h) = part.hint {
            body["hint"] = h.zh.into();
            body["en"]["hint"] = h.en.into();
        }
        if let Some(p) = part.parameter {
            body["parameter"] = p.into();
        }
        if let Some(at) = part.position {
            body["position"] = at.into();
        }
        if !part.faults.is_empty() {
            body["faults"] = serde_json::to_value(part.faults).unwrap_or_default();
        }
        let mut response = (part.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
