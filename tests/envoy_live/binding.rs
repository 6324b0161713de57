//! Tokens that are bound to a certificate or a key, over a real Envoy: only their holder passes.

use core::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::minting::{Keys, merge};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::certificates::Certificates;
use super::edge::{Edge, NOW, Plan, inline_policy, mint};
use super::server::{Answer, Server};

/// A client's certificate with its private key, both DER.
struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Self-signed: Envoy accepts it because it knows its digest.
    fn make(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new([]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, name);
        let certificate = parameters.self_signed(&key).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Self { certificate: certificate.der().clone(), key }
    }

    fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.certificate).into()
    }

    fn hexadecimal(&self) -> String {
        self.digest().iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    }
}

#[test]
fn c17_a_token_bound_to_a_certificate_passes_on_a_connection_with_that_certificate_only() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = Certificates::make(folder.path());
    let (owner, thief) = (Identity::make("owner"), Identity::make("thief"));
    let mut policy = inline_policy();
    merge(&mut policy, &json!({ "client_certificate": { "from": "connection" } }));
    let mut plan = plan(policy);
    plan.filter_chain = json!({ "transport_socket": tls(&certificates, &[&owner, &thief]) });
    let edge = Edge::start(plan);
    let bound = token(&json!({ "x5t#S256": encode(&owner.digest()) }));
    let free = token(&json!(null));
    let ask = |identity: &Identity, token: &str| {
        exchange(edge.address, &certificates.authority, identity, &bearer(token)).status
    };
    assert_eq!(ask(&owner, &bound), 200);
    assert_eq!(ask(&owner, &bound), 200, "and again, from the cache");
    assert_eq!(ask(&thief, &bound), 401);
    assert_eq!(ask(&thief, &free), 200, "who is bound to nothing may have any certificate");
    edge.wait_for_log("edgelatch_access_denied{clm.bound}");
    edge.check_no_trap();
}

#[test]
fn c17_a_certificate_in_a_header_counts_from_a_trusted_proxy_only() {
    let owner = Identity::make("owner");
    let bound = token(&json!({ "x5t#S256": encode(&owner.digest()) }));
    let header = format!("Hash={};Subject=\"CN=owner\"", owner.hexadecimal());
    for (network, expected) in [("127.0.0.0/8", 200), ("10.0.0.0/8", 401)] {
        let mut policy = inline_policy();
        let source = json!({ "from": "xfcc", "trusted_networks": [network] });
        merge(&mut policy, &json!({ "client_certificate": source }));
        let mut plan = plan(policy);
        // Envoy's own default takes the header away; behind a proxy that sets it, it has to stay.
        plan.manager = json!({ "forward_client_cert_details": "ALWAYS_FORWARD_ONLY" });
        let edge = Edge::start(plan);
        let value = format!("Bearer {bound}");
        let lines: [(&str, &[u8]); 2] =
            [("authorization", value.as_bytes()), ("x-forwarded-client-cert", header.as_bytes())];
        let request = http::request("GET", "/orders/1", "api", &lines);
        assert_eq!(http::exchange(edge.address, &request).unwrap().status, expected, "{network}");
        assert_eq!(edge.get(&bound).status, 401, "without the header");
        edge.check_no_trap();
    }
}

#[test]
fn c17_a_token_bound_to_a_key_needs_a_fresh_proof_for_every_request() {
    let mut policy = inline_policy();
    merge(&mut policy, &json!({ "dpop": {} }));
    let edge = Edge::start(plan(policy));
    let bound = token(&json!({ "jkt": thumbprint("es256-2") }));
    let ask = |scheme: &str, token: &str, proof: Option<&str>| {
        let value = format!("{scheme} {token}");
        let mut lines: Vec<(&str, &[u8])> = vec![("authorization", value.as_bytes())];
        lines.extend(proof.map(|proof| ("dpop", proof.as_bytes())));
        let request = http::request("GET", "/orders/1", "api", &lines);
        http::exchange(edge.address, &request).unwrap()
    };
    let good = proof("es256-2", &bound, &json!({ "jti": "1" }));
    assert_eq!(ask("DPoP", &bound, Some(&good)).status, 200);
    let replayed = ask("DPoP", &bound, Some(&good));
    assert_eq!(replayed.status, 401);
    assert!(replayed.header("www-authenticate").unwrap().contains("invalid_dpop_proof"));
    let second = proof("es256-2", &bound, &json!({ "jti": "2" }));
    assert_eq!(ask("DPoP", &bound, Some(&second)).status, 200);
    for (number, change) in [
        json!({ "htm": "POST" }),
        json!({ "htu": "http://api/orders/2" }),
        json!({ "htu": "https://api/orders/1" }),
        json!({ "ath": encode(&[0; 32]) }),
        json!({ "iat": NOW - 600 }),
        json!({ "iat": NOW + 600 }),
    ]
    .into_iter()
    .enumerate()
    {
        let mut claims = json!({ "jti": format!("bad {number}") });
        merge(&mut claims, &change);
        let status = ask("DPoP", &bound, Some(&proof("es256-2", &bound, &claims))).status;
        assert_eq!(status, 401, "{change}");
    }
    let stolen = proof("stranger", &bound, &json!({ "jti": "3" }));
    assert_eq!(ask("DPoP", &bound, Some(&stolen)).status, 401);
    assert_eq!(ask("DPoP", &bound, None).status, 401);
    assert_eq!(ask("Bearer", &bound, None).status, 401, "never as a plain bearer token");
    let fourth = proof("es256-2", &bound, &json!({ "jti": "4" }));
    assert_eq!(ask("Bearer", &bound, Some(&fourth)).status, 401);
    for reason in ["dpop.replay", "dpop.proof", "dpop.missing", "clm.bound"] {
        edge.wait_for_log(&format!("edgelatch_access_denied{{{reason}}}"));
    }
    edge.check_no_trap();
}

fn plan(policy: Value) -> Plan {
    Plan::new(policy, Server::start(Answer::Silence).address)
}

fn token(confirmation: &Value) -> String {
    mint(json!({ "claims": { "cnf": confirmation } }))
}

/// A DPoP proof (RFC 9449 s4.2) of the key called so.
fn proof(key: &str, token: &str, claims: &Value) -> String {
    let public = Keys::load().unwrap().public(key).unwrap();
    // Without the claims of an access token.
    let mut all = json!({
        "htm": "GET", "htu": "http://api/orders/1", "iat": NOW,
        "ath": encode(&Sha256::digest(token)),
        "iss": null, "sub": null, "aud": null, "exp": null, "client_id": null, "scope": null,
    });
    merge(&mut all, claims);
    let header = json!({ "typ": "dpop+jwt", "kid": null, "jwk": public });
    mint(json!({ "key": key, "header": header, "claims": all }))
}

/// RFC 7638 s3.
fn thumbprint(key: &str) -> String {
    let public = Keys::load().unwrap().public(key).unwrap();
    let (x, y) = (&public["x"], &public["y"]);
    encode(&Sha256::digest(format!(r#"{{"crv":"P-256","kty":"EC","x":{x},"y":{y}}}"#)))
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn bearer(token: &str) -> Vec<u8> {
    super::edge::get(token)
}

/// TLS that asks for a certificate and knows who may have which.
fn tls(certificates: &Certificates, known: &[&Identity]) -> Value {
    let hashes: Vec<_> = known.iter().map(|identity| identity.hexadecimal()).collect();
    json!({
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
            "common_tls_context": {
                "tls_certificates": [{
                    "certificate_chain": { "filename": certificates.server },
                    "private_key": { "filename": certificates.key },
                }],
                "validation_context": { "verify_certificate_hash": hashes },
            },
        },
    })
}

/// One request over TLS. Envoy ends the handshake of who shows no certificate at all.
fn exchange(
    address: SocketAddr,
    authority: &Path,
    identity: &Identity,
    request: &[u8],
) -> Response {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![identity.certificate.clone()], identity.key.clone_key())
        .unwrap();
    let name = "localhost".try_into().unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address).unwrap());
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    // Envoy closes after the response, not always by the book.
    let end = stream.read_to_end(&mut bytes);
    Response::parse(&bytes, true).unwrap_or_else(|error| panic!("{error}: {end:?}"))
}
