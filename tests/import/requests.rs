//! What both sides are asked: every path with every caller.

use std::time::{SystemTime, UNIX_EPOCH};

use edgelatch_tests::lab::http;
use edgelatch_tests::minting::{Keys, Token, merge};
use serde_json::{Value, json};

pub(crate) struct Request {
    pub(crate) name: String,
    method: &'static str,
    host: &'static str,
    path: String,
    token: Option<String>,
}

impl Request {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let value = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let headers: Vec<_> =
            value.iter().map(|value| ("authorization", value.as_bytes())).collect();
        http::request(self.method, &self.path, self.host, &headers)
    }

    pub(crate) fn without_token(&self) -> Self {
        let (name, path) = (self.name.clone(), self.path.clone());
        Self { name, path, token: None, ..*self }
    }
}

pub(crate) fn all() -> Vec<Request> {
    let callers = callers();
    let mut all = Vec::new();
    for path in PATHS {
        for (index, (caller, token)) in callers.iter().enumerate() {
            let few = if index < 4 { TARGETS.len() } else { 1 };
            all.extend(TARGETS.iter().take(few).map(|&(method, host)| Request {
                name: format!("{method} {host}{path} by {caller}"),
                method,
                host,
                path: path.to_owned(),
                token: token.clone(),
            }));
        }
        all.push(with_token_in_query(path, callers[1].1.as_ref().unwrap()));
    }
    all
}

fn with_token_in_query(path: &str, token: &str) -> Request {
    let separator = if path.contains('?') { '&' } else { '?' };
    let (method, host) = TARGETS[0];
    let name = format!("{path} with a token in the query");
    Request {
        name,
        method,
        host,
        path: format!("{path}{separator}access_token={token}"),
        token: None,
    }
}

/// Who asks, and with which token.
fn callers() -> Vec<(&'static str, Option<String>)> {
    let scope = |scope: &str| json!({ "claims": { "scope": scope } });
    let described = [
        ("a reader", json!({})),
        ("a writer who reads", scope("orders:read orders:write")),
        ("somebody whose scope begins alike", scope("orders:reading")),
        (
            "an administrator without scope",
            json!({ "claims": {
            "scope": "", "client_id": "operations", "sub": "operations", "aud": "https://admin.example.com",
        } }),
        ),
        (
            "a reader for two APIs",
            json!({ "claims": {
            "aud": ["https://api.example.com", "https://admin.example.com"],
        } }),
        ),
        ("a reader for another API", json!({ "claims": { "aud": "https://other.example.com" } })),
        (
            "a reader of the other issuer",
            json!({
                "key": "rs256-1", "claims": { "iss": "https://partners.example.com" },
            }),
        ),
        (
            "a reader of an unknown issuer",
            json!({ "claims": { "iss": "https://evil.example.com" } }),
        ),
        ("a forger", json!({ "key": "stranger", "header": { "kid": "es256-1" } })),
        (
            "a reader of yesterday",
            json!({ "claims": { "iat": now() - 86_400, "exp": now() - 86_000 } }),
        ),
    ];
    let signed = described.into_iter().map(|(name, token)| (name, Some(mint(&token))));
    [("nobody", None)].into_iter().chain(signed).collect()
}

fn mint(description: &Value) -> String {
    let mut whole = json!({ "claims": { "iat": now(), "exp": now() + 3600 } });
    merge(&mut whole, description);
    let token: Token = serde_json::from_value(whole).unwrap();
    String::from_utf8(token.mint(&Keys::load().unwrap()).unwrap()).unwrap()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

const TARGETS: [(&str, &str); 3] =
    [("GET", "api.example.com"), ("POST", "api.example.com"), ("GET", "other.example.com")];

/// Around every path that a source names: above, below, beside, and in other letters.
const PATHS: [&str; 16] = [
    "/",
    "/api",
    "/api/",
    "/api/orders",
    "/api/orders?x=1",
    "/apix",
    "/API/orders",
    "/orders",
    "/orders/1",
    "/orders/1/lines",
    "/ordersx/1",
    "/admin",
    "/admin/x",
    "/ADMIN/x",
    "/healthz",
    "/public/a",
];
