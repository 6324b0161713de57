//! Another opinion about a token that its issuer signed: the rules of RFC 9068 and of `policy.json` written down a
//! second time, over `serde_json`'s values and without the core's types.

use edgelatch_core::Timestamp;
use serde_json::{Map, Value};

use crate::sent::Sent;

mod claims;
mod plain;

/// What the oracle thinks of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opinion {
    Accept,
    Refuse,
    /// The claims would do, but some readers could read this text differently: it may be refused.
    Depends,
}

/// Where and when a token is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    pub(crate) route: Route,
    pub(crate) now: Timestamp,
}

/// A route of `policy.json`, as far as it asks something of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    path: &'static str,
    pub(crate) audience: &'static str,
    pub(crate) all: &'static [&'static str],
    pub(crate) any: &'static [&'static str],
    pub(crate) client: Option<&'static str>,
    pub(crate) is_certified: bool,
}

/// A key of `policy.json`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) id: &'static str,
    algorithms: &'static [&'static str],
    pub(crate) issuer: Issuer,
    pub(crate) signature_length: usize,
}

/// An issuer of `policy.json`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issuer {
    pub(crate) name: &'static str,
    types: &'static [&'static str],
    pub(crate) skew: u64,
    pub(crate) lifetime: u64,
}

/// Judges a token whose signature is valid.
pub(crate) fn judge(header: &[u8], claims: &[u8], circumstances: Circumstances) -> Opinion {
    let opinion = read(header).zip(read(claims)).and_then(|(header_members, members)| {
        let key = key_of(&header_members)?;
        let fits = is_acceptable_header(&header_members, key)
            && claims::are_acceptable(&members, key.issuer, circumstances);
        fits.then_some(plain::is_plain(header) && plain::is_plain(claims))
    });
    match opinion {
        None => Opinion::Refuse,
        Some(true) => Opinion::Accept,
        Some(false) => Opinion::Depends,
    }
}

/// The key that a header names.
pub(crate) fn named_key(header: &[u8]) -> Option<Key> {
    key_of(&read(header)?)
}

fn read(json: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(json).ok()
}

fn key_of(header: &Map<String, Value>) -> Option<Key> {
    let id = header.get("kid")?.as_str()?;
    KEYS.into_iter().find(|key| key.id == id)
}

fn is_acceptable_header(header: &Map<String, Value>, key: Key) -> bool {
    let algorithm = header.get("alg").and_then(Value::as_str);
    let is_of_key = algorithm.is_some_and(|name| key.algorithms.contains(&name));
    let token_type = match header.get("typ") {
        None => Some(String::new()),
        Some(name) => name.as_str().map(str::to_ascii_lowercase),
    };
    let is_of_type = token_type.is_some_and(|name| {
        let name = name.strip_prefix("application/").unwrap_or(&name);
        key.issuer.types.contains(&name)
    });
    is_of_key && is_of_type && !REFUSED.iter().any(|name| header.contains_key(*name))
}

impl Circumstances {
    /// Reads `1 1900000000`; what is missing is as usual.
    pub(crate) fn parse(line: &[u8]) -> Self {
        let text = String::from_utf8_lossy(line);
        let mut words = text.split(' ');
        let usual = Self::default();
        let index: Option<usize> = words.next().and_then(|word| word.parse().ok());
        let now = words.next().and_then(|word| word.parse().ok());
        Self {
            route: index.and_then(|index| ROUTES.get(index)).copied().unwrap_or(usual.route),
            now: now.map_or(usual.now, Timestamp::from_unix_seconds),
        }
    }

    /// The request that brings the token.
    pub(crate) fn sent(&self, token: &[u8]) -> Sent {
        let line = |name: &[u8], value: &[u8]| (name.to_vec(), value.to_vec());
        let mut sent = Sent::parse(self.route.path.as_bytes());
        sent.headers.push(line(b"authorization", &[b"Bearer ", token].concat()));
        if self.route.is_certified {
            sent.headers.push(line(b"x-forwarded-client-cert", CERTIFICATE_LINE));
        }
        sent
    }
}

impl Default for Circumstances {
    fn default() -> Self {
        Self { route: ORDERS, now: crate::host::NOW }
    }
}

const API: &str = "https://api.example.com";

const ORDERS: Route = Route {
    path: "GET /orders/7 api.example.com 10.0.0.1",
    audience: API,
    all: &["orders:read"],
    any: &[],
    client: None,
    is_certified: false,
};

const ROUTES: [Route; 4] = [
    ORDERS,
    Route {
        path: "POST /orders api.example.com 10.0.0.1",
        all: &["orders:write"],
        any: &["orders:admin", "orders:bulk"],
        ..ORDERS
    },
    Route {
        path: "GET /invoices api.example.com 10.0.0.1",
        audience: "https://billing.example.com",
        all: &[],
        client: Some("billing"),
        ..ORDERS
    },
    Route {
        path: "GET /certified api.example.com 10.0.0.1",
        all: &[],
        is_certified: true,
        ..ORDERS
    },
];

const FIRST: Issuer =
    Issuer { name: "https://issuer.example.com", types: &["at+jwt"], skew: 10, lifetime: 3_600 };
const SECOND: Issuer = Issuer {
    name: "https://other.example.com",
    types: &["at+jwt", "jwt", ""],
    skew: 0,
    lifetime: 600,
};

const KEYS: [Key; 5] = [
    Key { id: "es256-1", algorithms: &["ES256"], issuer: FIRST, signature_length: 64 },
    Key { id: "ed25519-1", algorithms: &["EdDSA", "Ed25519"], issuer: FIRST, signature_length: 64 },
    Key { id: "rs256-1", algorithms: &["RS256"], issuer: FIRST, signature_length: 256 },
    Key { id: "es256-2", algorithms: &["ES256"], issuer: SECOND, signature_length: 64 },
    Key { id: "ps256-1", algorithms: &["PS256"], issuer: SECOND, signature_length: 256 },
];

/// Header parameters that no access token may have.
const REFUSED: [&str; 16] = [
    "crit", "b64", "apu", "apv", "cty", "enc", "epk", "iv", "jku", "jwk", "p2c", "p2s", "tag",
    "x5c", "x5u", "zip",
];

const CERTIFICATE_LINE: &[u8] =
    b"Hash=cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
