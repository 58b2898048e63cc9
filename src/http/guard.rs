//! Who may come in at all. With `--open` only this machine's own user: no foreign host name, no foreign page.

use axum::extract::Request;
use http::{HeaderMap, HeaderName, header};

use super::Service;
use super::problem::Problem;

/// Refuses a request that an open service must not answer: a name that was pointed at this machine
/// (DNS rebinding), or a page of another origin.
pub fn check(service: &Service, request: &Request) -> Result<(), Problem> {
    if !service.open {
        return Ok(());
    }
    let host = request.uri().authority().map(|a| a.as_str()).or_else(|| text(request.headers(), header::HOST));
    if !host.is_some_and(is_local) {
        return Err(Problem::forbidden(
            "本机模式只接受 127.0.0.1、localhost 或 [::1]",
            "open mode answers only to 127.0.0.1, localhost or [::1]",
        ));
    }
    match text(request.headers(), header::ORIGIN) {
        Some(origin) if origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) != host => {
            Err(Problem::forbidden("本机模式不接受其他来源的网页", "open mode takes no request from another origin"))
        }
        _ => Ok(()),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "[::1]") || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for name in ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]:80", "[::1]"] {
            assert!(is_local(name), "{name}");
        }
        for name in ["evil.example", "localhost.evil.example:80", "127.0.0.1.evil", "", "127.0.0.2"] {
            assert!(!is_local(name), "{name}");
        }
    }
}
