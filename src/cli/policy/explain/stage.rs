//! Puts the question to the real engine, on a stage: the routes and rules are those of the policy,
//! only the keys are replaced, since a question needs no signature.

use std::net::IpAddr;

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_core::{Decision, Engine, Policy, Request, SignatureOutcome, Step, Timestamp};
use serde_json::{Value, json};

/// A request as the operator describes it.
pub(super) struct Question<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) host: &'a str,
    pub(super) source: Option<IpAddr>,
    pub(super) client_id: Option<&'a str>,
    pub(super) scopes: &'a [String],
    pub(super) audiences: &'a [String],
    pub(super) issuer: Option<&'a str>,
}

/// The answer of the engine, and the claims it was given.
pub(super) struct Staged {
    pub(super) decision: Decision,
    /// None if the request had no token.
    pub(super) claims: Option<Value>,
}

/// What an issuer would have to be asked for, and what goes with it.
const KEY_FIELDS: [&str; 8] = [
    "status_list",
    "jwks_uri",
    "envoy_cluster",
    "refresh_seconds",
    "cooldown_seconds",
    "maximum_stale_seconds",
    "jwks",
    "token_types",
];

/// Decides a question under a policy document that was checked before.
pub(super) fn decide(mut document: Value, question: &Question<'_>) -> Result<Staged, String> {
    let now = edgelatch_issuer::now();
    let claims = claims(&document, question, now);
    replace_keys(&mut document);
    let policy = Policy::from_json(document.to_string().as_bytes())
        .map_err(|error| format!("cannot explain this policy: {error}"))?;
    let authorization = claims.as_ref().map(|claims| format!("Bearer {}", token(claims)));
    let headers: Vec<(&[u8], &[u8])> =
        authorization.iter().map(|value| (&b"authorization"[..], value.as_bytes())).collect();
    let request = Request {
        method: question.method.as_bytes(),
        authority: question.host.as_bytes(),
        path: question.path.as_bytes(),
        headers: &headers,
        source: question.source,
        ..Request::default()
    };
    Ok(Staged { decision: ask(policy, &request, Timestamp::from_unix_seconds(now)), claims })
}

fn ask(policy: Policy, request: &Request<'_>, now: Timestamp) -> Decision {
    let mut engine = Engine::new(policy);
    let mut step = engine.begin(request, now);
    loop {
        match step {
            Step::Decided(decision) | Step::Refresh { otherwise: decision, .. } => return decision,
            // The premise of the question: the issuer did sign such a token.
            Step::Verify(pending) => step = engine.finish(pending, SignatureOutcome::Valid, now),
        }
    }
}

/// The claims of the token, if the question has one. It lives for a second, which every policy
/// allows.
fn claims(document: &Value, question: &Question<'_>, now: u64) -> Option<Value> {
    let has_token = question.client_id.is_some()
        || question.issuer.is_some()
        || !question.scopes.is_empty()
        || !question.audiences.is_empty();
    has_token.then_some(())?;
    let issuers = document.get("issuers").and_then(Value::as_array);
    let mut issuers = issuers.into_iter().flatten();
    let issuer = match question.issuer {
        Some(name) => {
            issuers.find(|issuer| issuer.get("issuer").is_some_and(|known| known == name))
        }
        None => issuers.next(),
    };
    let member = |name: &str| issuer.and_then(|issuer| issuer.get(name));
    let name = question.issuer.or(member("issuer").and_then(Value::as_str)).unwrap_or("none");
    let audience = if question.audiences.is_empty() {
        member("audiences").and_then(|list| list.get(0)).cloned().unwrap_or_default()
    } else {
        json!(question.audiences)
    };
    let client_id = question.client_id.unwrap_or("client");
    Some(json!({
        "iss": name, "aud": audience, "sub": client_id, "client_id": client_id,
        "scope": question.scopes.join(" "), "iat": now, "exp": now.saturating_add(1),
        "jti": "explain",
    }))
}

/// Gives every issuer the same public key, the example of RFC 7515 A.3. Nothing signed by it is
/// ever believed: the policy on the stage is dropped with the answer.
fn replace_keys(document: &mut Value) {
    let issuers = document.get_mut("issuers").and_then(Value::as_array_mut);
    for issuer in issuers.into_iter().flatten().filter_map(Value::as_object_mut) {
        for field in KEY_FIELDS {
            issuer.remove(field);
        }
        issuer.insert("algorithms".to_owned(), json!(["ES256"]));
        issuer.insert(
            "jwks".to_owned(),
            json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "explain",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }] }),
        );
    }
}

fn token(claims: &Value) -> String {
    let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": "explain" });
    let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let (header, claims) = (header.to_string(), claims.to_string());
    format!("{}.{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()), encode(&[1; 64]))
}
