//! The host names under which the gateway and the database port are served.

use axum::http::HeaderMap;
use axum::http::header::HOST;

/// Returns whether the request has exactly one `Host`, and it is `127.0.0.1`, `localhost` or `[::1]`, with any port.
///
/// This prevents DNS rebinding: an attacker makes the host name of a web page resolve to 127.0.0.1, so that the browser
/// lets the page read responses from this machine. The requests of such a page have the page's host name.
pub(crate) fn is_local(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let host = host.to_str().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| name.eq_ignore_ascii_case(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        let local = |hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, host.parse().unwrap());
            }
            is_local(&headers)
        };
        for host in ["127.0.0.1", "127.0.0.1:3000", "localhost", "LOCALHOST:1", "[::1]", "[::1]:8"]
        {
            assert!(local(&[host]), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "example.com:3000",
            "127.0.0.1.example.com",
            "x@localhost",
            "localhost:x",
            "localhost:1:2",
            "::1",
            "0.0.0.0:3000",
            "127.0.0.1, example.com",
        ] {
            assert!(!local(&[host]), "{host}");
        }
        assert!(!local(&[]));
        assert!(!local(&["localhost", "example.com"]));
        assert!(!local(&["localhost", "localhost"]));
    }
}
