//! What routes and networks make of bound tokens.

use super::*;

#[test]
fn a_token_bound_twice_needs_both() {
    let token = bound(&json!({ "jkt": thumbprint(5), "x5t#S256": encode(&CERTIFICATE) }));
    for (certificate, is_proven, expected) in [
        (Some(CERTIFICATE), true, "allow"),
        (None, true, "clm.bound"),
        (Some(CERTIFICATE), false, "clm.bound"),
    ] {
        let sent = if is_proven {
            Sent::dpop(&token, &proof(&token, "1", 0))
        } else {
            Sent::bearer(&token)
        };
        check(&mut both(), &Sent { certificate, ..sent }, 0, expected);
    }
}

#[test]
fn a_route_may_insist_on_a_binding() {
    let plain = token(1, "k", "https://a.test");
    let certified = bound(&json!({ "x5t#S256": encode(&CERTIFICATE) }));
    let proven = for_key(5);
    let certificate = Some(CERTIFICATE);
    let with_proof = |htu: &str| {
        let (header, mut claims) = proof_parts(&proven, "1", 0);
        claims["htu"] = json!(htu);
        Sent::dpop(&proven, &sign(5, &header, &claims))
    };
    for (path, expected) in [("/certified", "pol.binding"), ("/proven", "pol.binding")] {
        check(&mut both(), &Sent { path, certificate, ..Sent::bearer(&plain) }, 0, expected);
    }
    for (path, expected) in [("/certified", "allow"), ("/proven", "pol.binding")] {
        check(&mut both(), &Sent { path, certificate, ..Sent::bearer(&certified) }, 0, expected);
    }
    for (path, expected) in [("/certified", "pol.binding"), ("/proven", "allow")] {
        let sent = with_proof(&format!("https://api.test{path}"));
        check(&mut both(), &Sent { path, ..sent }, 0, expected);
    }
}

#[test]
fn challenges_as_rfc_9449_says() {
    let token = for_key(5);
    let challenge = |sent: &Sent<'_>| {
        let Decision::Deny(deny) = answer(&mut both(), sent, at(0)) else { unreachable!() };
        let response = deny.response();
        let line = response.headers.iter().find(|(name, _)| *name == "www-authenticate");
        (response.status, line.map(|(_, value)| value.clone()).unwrap_or_default())
    };
    let (status, text) = challenge(&Sent::bearer(&token));
    assert_eq!(status, 401);
    assert!(text.starts_with(r#"DPoP error="invalid_token", "#), "{text}");
    assert!(text.ends_with(r#"algs="ES256 Ed25519""#), "{text}");
    let (status, text) = challenge(&Sent::dpop(&token, "x"));
    assert_eq!(status, 401);
    assert!(text.starts_with(r#"DPoP error="invalid_dpop_proof", "#), "{text}");
    let (status, text) = challenge(&Sent::dpop(&token, "x,y"));
    assert_eq!(status, 400);
    assert!(text.starts_with(r#"DPoP error="invalid_dpop_proof", "#), "{text}");
}

#[test]
fn observes_a_binding_without_blocking() {
    let sent = Sent { path: "/watched", ..Sent::bearer(&for_key(5)) };
    let decision = answer(&mut both(), &sent, at(0));
    assert!(matches!(decision, Decision::Allow(_)), "{decision:?}");
    assert_eq!(code(&decision), "clm.bound");
}

#[test]
fn asks_for_the_network_of_the_client_wherever_it_goes() {
    let good = token(1, "k", "https://a.test");
    for (clients, expected) in [
        (json!([]), "allow"),
        (json!([{ "client_id": "c", "networks": ["127.0.0.0/8"] }]), "allow"),
        (json!([{ "client_id": "c", "networks": ["10.0.0.0/8"] }]), "pol.network"),
        (json!([{ "client_id": "d", "networks": ["10.0.0.0/8"] }]), "allow"),
    ] {
        let mut engine = engine_with(&json!({ "clients": clients }));
        assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(0))), expected, "{clients}");
    }
}

#[test]
fn a_certificate_of_a_proxy_counts_and_a_forged_one_does_not_pass() {
    let hash = "cc".repeat(32);
    let token = bound(&json!({ "x5t#S256": encode(&CERTIFICATE) }));
    let (authorization, value) = (format!("Bearer {token}"), format!("Hash={hash}"));
    let headers: [(&[u8], &[u8]); 2] = [
        (b"authorization", authorization.as_bytes()),
        (b"X-Forwarded-Client-Cert", value.as_bytes()),
    ];
    let mut engine = engine_with(&json!({
        "client_certificate": { "from": "xfcc", "trusted_networks": ["10.0.0.0/8"] },
        "default_mode": "observe",
    }));
    assert!(engine.is_reserved_header(b"x-forwarded-client-cert"));
    for (source, expected, removed) in
        [([10, 0, 0, 1], "allow", false), ([11, 0, 0, 1], "clm.bound", true)]
    {
        let request = Request {
            method: b"GET",
            path: b"/read",
            headers: &headers,
            source: Some(source.into()),
            ..Request::default()
        };
        let step = engine.begin(&request, at(0));
        let (_, decision) = end(&mut engine, step, at(0));
        assert_eq!(code(&decision), expected);
        let Decision::Allow(allow) = decision else { unreachable!("{decision:?}") };
        let is_removed = allow.remove.iter().any(|name| name == "x-forwarded-client-cert");
        assert_eq!(is_removed, removed, "{source:?}");
    }
}
