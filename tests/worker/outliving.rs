//! What outlives an isolate where there is no cache: a KV namespace, and the object that remembers proofs.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{
    NEWEST, Shared, Upstream, Way, Workerd, WorkerdOptions, free_ports, worker,
};
use edgelatch_tests::minting::{Keys, Token};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::ground::{Ground, KEY_SET};
use super::patience::{excused, order};

#[test]
fn an_isolate_that_begins_during_an_outage_has_the_keys_from_the_store() {
    let (mut ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (_workerd, ports) = start(&ground.path("gateway"), &ground.policy(), &upstream);
    let token = ground.token();
    let began = Instant::now();
    assert_eq!(order(ports[0], &token).status, 200);
    let (fetches, late) = (ground.front.count(KEY_SET), excused(began.elapsed()));
    assert!((1..=1 + late).contains(&fetches), "{fetches} fetches, {late} may be late");
    ground.stop_issuer();
    // Nobody but the store has the keys now. One that did not answer within a moment is asked again.
    let began = Instant::now();
    while order(ports[1], &token).status != 200 {
        let took = began.elapsed();
        assert!(late + excused(took) > 0 && took < LIMIT, "the store gave no keys in {took:?}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_proof_is_good_once_whichever_isolate_it_meets() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Upstream::start().unwrap());
    let (_workerd, ports) = start(&folder.path().join("gateway"), &policy(), &upstream);
    let token = mint(json!({ "claims": { "cnf": { "jkt": thumbprint() } } }));
    let first = proof(&token, "first");
    assert_eq!(ask(ports[0], &token, &first).status, 200);
    for port in &ports {
        let replayed = ask(*port, &token, &first);
        assert_eq!(replayed.status, 401);
        assert!(replayed.header("www-authenticate").unwrap().contains("invalid_dpop_proof"));
    }
    assert_eq!(ask(ports[1], &token, &proof(&token, "second")).status, 200);
}

fn start(folder: &std::path::Path, policy: &Value, upstream: &Upstream) -> (Workerd, Vec<u16>) {
    let ports = free_ports(2).unwrap();
    let options = WorkerdOptions {
        worker: &worker().unwrap(),
        folder,
        policy,
        upstream: upstream.address,
        way: Way::Url,
        date: NEWEST,
        variables: &[],
        ports: &ports,
        shared: Shared::StoreAndReplays,
    };
    (Workerd::start(&options).unwrap(), ports)
}

fn policy() -> Value {
    json!({
        "issuers": [{
            "issuer": "https://issuer.example.com",
            "audiences": ["https://api.example.com"],
            "jwks": { "keys": [Keys::load().unwrap().public("es256-1").unwrap()] },
        }],
        "routes": [
            { "name": "orders", "methods": ["GET"], "path": "/orders/{id}", "scopes": { "all": ["orders:read"] } },
        ],
        "dpop": {},
    })
}

fn ask(port: u16, token: &str, proof: &str) -> Response {
    let value = format!("DPoP {token}");
    let lines = [("authorization", value.as_bytes()), ("dpop", proof.as_bytes())];
    let request = http::request("GET", "/orders/1", "api.example.com", &lines);
    http::exchange(([127, 0, 0, 1], port).into(), &request).unwrap()
}

/// A DPoP proof (RFC 9449 s4.2).
fn proof(token: &str, id: &str) -> String {
    let public = Keys::load().unwrap().public(HOLDER).unwrap();
    // Without the claims of an access token.
    let claims = json!({
        "htm": "GET", "htu": "http://api.example.com/orders/1", "jti": id,
        "ath": encode(&Sha256::digest(token)),
        "iss": null, "sub": null, "aud": null, "exp": null, "client_id": null, "scope": null,
    });
    let header = json!({ "typ": "dpop+jwt", "kid": null, "jwk": public });
    mint(json!({ "key": HOLDER, "header": header, "claims": claims }))
}

/// A token of now: gateways have the clock of the machine.
fn mint(mut description: Value) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    description["claims"]["iat"] = json!(now);
    if description["claims"].get("exp").is_none() {
        description["claims"]["exp"] = json!(now + 300);
    }
    let token: Token = serde_json::from_value(description).unwrap();
    String::from_utf8(token.mint(&Keys::load().unwrap()).unwrap()).unwrap()
}

/// RFC 7638 s3.
fn thumbprint() -> String {
    let public = Keys::load().unwrap().public(HOLDER).unwrap();
    let (x, y) = (&public["x"], &public["y"]);
    encode(&Sha256::digest(format!(r#"{{"crv":"P-256","kty":"EC","x":{x},"y":{y}}}"#)))
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

const HOLDER: &str = "es256-2";
const LIMIT: Duration = Duration::from_mins(1);
