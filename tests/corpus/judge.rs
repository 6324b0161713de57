//! Compares what a host did with what it had to do, down to the header lines of RFC 6750.

use serde::Deserialize;
use serde_json::Value;

use super::{Exchange, Expect, Forwarded};

/// What a host did with a request. As JSON where the host is another program.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// The HTTP status that the client got.
    pub status: u16,
    /// The reason code of a refusal.
    pub reason: Option<String>,
    /// The reason code of a refusal that was only noted.
    pub would_deny: Option<String>,
    /// The header lines of the answer, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body of a refusal.
    pub body: String,
    /// What reached the upstream.
    pub forwarded: Option<Arrived>,
}

/// A request at the upstream; bytes as Latin-1.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Arrived {
    /// The method.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The header lines, names in lower case.
    pub headers: Vec<(String, String)>,
}

/// All differences, in words; empty if there are none.
pub fn judge(exchange: &Exchange, expect: &Expect, observed: &Observed) -> Vec<String> {
    let mut differences = Vec::new();
    differ(&mut differences, "status", &expect.status, &observed.status);
    if expect.reason.is_some() || expect.status == 200 {
        differ(&mut differences, "reason", &expect.reason, &observed.reason);
    }
    differ(&mut differences, "would_deny", &expect.would_deny, &observed.would_deny);
    match &expect.reason {
        Some(reason) if expect.grpc_status.is_none() => {
            judge_refusal(&mut differences, exchange, expect, reason, observed);
        }
        Some(_) => {
            let status = value(&observed.headers, "grpc-status");
            differ(&mut differences, "grpc-status", &expect.grpc_status.as_deref(), &status);
        }
        None if expect.status == 200 => {
            judge_forwarded(&mut differences, exchange, expect.forwarded.as_ref(), observed);
        }
        None => {}
    }
    differences
}

fn judge_refusal(
    differences: &mut Vec<String>,
    exchange: &Exchange,
    expect: &Expect,
    reason: &str,
    observed: &Observed,
) {
    let header = |name| value(&observed.headers, name);
    let (error, challenge) = usual_answer(reason);
    judge_challenge(
        differences,
        expect.challenge.as_deref(),
        challenge,
        header("www-authenticate"),
    );
    differ(differences, "content-type", &Some("application/json"), &header("content-type"));
    differ(differences, "cache-control", &Some("no-store"), &header("cache-control"));
    let is_busy = expect.status == 503;
    differ(differences, "retry-after is there", &is_busy, &header("retry-after").is_some());
    differ(differences, "reached the upstream", &false, &observed.forwarded.is_some());
    if exchange.method != "HEAD" {
        let body: Value = serde_json::from_str(&observed.body).unwrap_or_default();
        let found = body.get("error").and_then(Value::as_str);
        differ(differences, "error in the body", &Some(error), &found);
    }
}

/// A challenge that ends in an ellipsis goes on with a description or with scopes.
fn judge_challenge(
    differences: &mut Vec<String>,
    wanted: Option<&str>,
    usual: Option<&str>,
    found: Option<&str>,
) {
    let wanted = wanted.or(usual);
    let start = wanted.and_then(|wanted| wanted.strip_suffix("..."));
    let is_right = match (start, found) {
        (Some(start), Some(found)) => found.starts_with(start),
        _ => wanted == found,
    };
    if !is_right {
        differ(differences, "www-authenticate", &wanted, &found);
    }
}

/// The error code in the body and the beginning of the challenge. Everything that is wrong with a
/// token has one and the same answer: a forger learns nothing from it.
fn usual_answer(reason: &str) -> (&'static str, Option<&'static str>) {
    match reason {
        "hdr.missing" | "hdr.scheme" => ("missing_token", Some("Bearer")),
        "hdr.multiple" => ("invalid_request", Some(r#"Bearer error="invalid_request"..."#)),
        "pol.scope" => ("insufficient_scope", Some(r#"Bearer error="insufficient_scope"..."#)),
        "jwks.none" | "clock.bad" | "cfg.none" => ("temporarily_unavailable", None),
        policy if policy.starts_with("pol.") => ("access_denied", None),
        _ => (
            "invalid_token",
            Some(
                r#"Bearer error="invalid_token", error_description="the access token is not valid""#,
            ),
        ),
    }
}

fn judge_forwarded(
    differences: &mut Vec<String>,
    exchange: &Exchange,
    expect: Option<&Forwarded>,
    observed: &Observed,
) {
    let Some(arrived) = &observed.forwarded else {
        differences.push("nothing reached the upstream".to_owned());
        return;
    };
    differ(differences, "method at the upstream", &exchange.method, &arrived.method);
    differ(differences, "path at the upstream", &exchange.path.to_latin1(), &arrived.path);
    let nothing = Forwarded::default();
    let expect = expect.unwrap_or(&nothing);
    for (name, wanted) in &expect.present {
        let found: Vec<&str> = values(&arrived.headers, name).collect();
        differ(differences, name, &vec![wanted.as_str()], &found);
    }
    for name in &expect.absent {
        differ(differences, name, &None, &value(&arrived.headers, name));
    }
    if !expect.absent.iter().any(|name| name == "authorization") {
        let sent: Vec<String> = exchange
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .map(|(_, value)| value.to_latin1().trim().to_owned())
            // Hosts may drop an empty line that nothing hangs on.
            .filter(|value| !value.is_empty())
            .collect();
        let found: Vec<&str> = values(&arrived.headers, "authorization").collect();
        differ(differences, "authorization at the upstream", &sent, &found);
    }
}

fn value<'a>(headers: &'a [(String, String)], name: &'a str) -> Option<&'a str> {
    values(headers, name).next()
}

fn values<'a>(headers: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
}

fn differ<A, B>(differences: &mut Vec<String>, what: &str, expected: &A, got: &B)
where
    A: PartialEq<B> + core::fmt::Debug,
    B: core::fmt::Debug,
{
    if expected != got {
        differences.push(format!("{what}: expected {expected:?}, got {got:?}"));
    }
}
