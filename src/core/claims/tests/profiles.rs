//! Tokens as other issuers write them, with made-up names: what each profile reads, and what it refuses.

use super::*;

/// Client, subject, scope, token name and audience of a token.
type Read<'a> = [&'a str; 5];

fn read(profile: Profile, token: &Value) -> Result<Claims, ClaimError> {
    parse::parse(token.to_string().as_bytes(), "https://issuer.test", profile, None)
}

fn accepts(profile: Profile, token: &Value, expected: Read<'_>) {
    let claims = read(profile, token).unwrap();
    let audience: Vec<_> = claims.audience().collect();
    let found: Read<'_> =
        [&claims.client_id, &claims.subject, &claims.scope, &claims.token_id, &audience.join(" ")];
    assert_eq!(found, expected, "{profile:?}");
    // Only the profile makes a token of this kind readable, and only its own.
    if profile != Profile::Rfc9068 {
        assert!(read(Profile::Rfc9068, token).is_err(), "{profile:?}");
    }
}

fn refuses(profile: Profile, token: &Value, patch: &Value, error: ClaimError) {
    let mut changed = token.clone();
    for (name, value) in patch.as_object().unwrap() {
        changed[name] = value.clone();
        if value.is_null() {
            changed.as_object_mut().unwrap().remove(name);
        }
    }
    assert_eq!(read(profile, &changed), Err(error), "{profile:?} {patch}");
}

fn token(more: &Value) -> Value {
    let mut token = json!({ "iss": "https://issuer.test", "iat": NOW, "exp": NOW + 300 });
    token.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    token
}

#[test]
fn keycloak_names_the_client_in_azp_and_marks_access_tokens_in_a_claim() {
    let token = token(&json!({
        "jti": "trrtcc:1", "aud": "account", "sub": "f7c1", "typ": "Bearer", "azp": "billing",
        "realm_access": { "roles": ["offline_access"] }, "scope": "profile orders:read",
        "clientAddress": "10.0.0.7", "client_id": "billing",
    }));
    let claims = read(Profile::Keycloak, &token).unwrap();
    assert_eq!((&*claims.client_id, &*claims.subject), ("billing", "f7c1"));
    let mut lightweight = token.clone();
    for name in ["sub", "client_id"] {
        lightweight.as_object_mut().unwrap().remove(name);
    }
    accepts(
        Profile::Keycloak,
        &lightweight,
        ["billing", "billing", "profile orders:read", "trrtcc:1", "account"],
    );
    let mut with_proof = lightweight;
    with_proof["typ"] = json!("DPoP");
    assert!(read(Profile::Keycloak, &with_proof).is_ok());
    for typ in [json!("ID"), json!("Refresh"), json!("bearer"), json!(["Bearer"]), json!(null)] {
        refuses(Profile::Keycloak, &token, &json!({ "typ": typ }), ClaimError::Required);
    }
    refuses(Profile::Keycloak, &token, &json!({ "azp": "other" }), ClaimError::Required);
    refuses(Profile::Keycloak, &token, &json!({ "aud": null }), ClaimError::Audience);
    refuses(Profile::Keycloak, &token, &json!({ "jti": null }), ClaimError::Required);
    refuses(Profile::Keycloak, &token, &json!({ "sub": "" }), ClaimError::Required);
}

#[test]
fn auth0_names_no_token_and_calls_the_client_azp() {
    let token = token(&json!({
        "sub": "K1@clients", "aud": "https://api.test", "azp": "K1", "gty": "client-credentials",
        "scope": "orders:read",
    }));
    accepts(Profile::Auth0, &token, ["K1", "K1@clients", "orders:read", "", "https://api.test"]);
    refuses(Profile::Auth0, &token, &json!({ "azp": null }), ClaimError::Required);
    refuses(Profile::Auth0, &token, &json!({ "client_id": "K2" }), ClaimError::Required);
    refuses(Profile::Auth0, &token, &json!({ "jti": "" }), ClaimError::Required);
    refuses(Profile::Auth0, &token, &json!({ "scope": ["orders:read"] }), ClaimError::Scope);
    refuses(Profile::Auth0, &token, &json!({ "sub": null }), ClaimError::Required);
}

#[test]
fn entra_has_roles_for_applications_and_azp_or_appid() {
    let version_2 = token(&json!({
        "aud": "5a7e", "nbf": NOW, "azp": "c11e", "azpacr": "1", "oid": "0b1e", "sub": "0b1e",
        "roles": ["Orders.Read", "Orders.Write"], "tid": "7e4a", "uti": "Xyz", "ver": "2.0",
    }));
    accepts(
        Profile::Entra,
        &version_2,
        ["c11e", "0b1e", "Orders.Read Orders.Write", "Xyz", "5a7e"],
    );
    let mut version_1 = version_2.clone();
    version_1["appid"] = version_1["azp"].take();
    for name in ["azp", "uti"] {
        version_1.as_object_mut().unwrap().remove(name);
    }
    version_1["scp"] = json!("user_impersonation");
    accepts(
        Profile::Entra,
        &version_1,
        ["c11e", "0b1e", "user_impersonation Orders.Read Orders.Write", "", "5a7e"],
    );
    refuses(Profile::Entra, &version_2, &json!({ "azp": null }), ClaimError::Required);
    refuses(Profile::Entra, &version_2, &json!({ "appid": "other" }), ClaimError::Required);
    refuses(Profile::Entra, &version_2, &json!({ "roles": ["a b"] }), ClaimError::Scope);
    refuses(Profile::Entra, &version_2, &json!({ "roles": [""] }), ClaimError::Scope);
    refuses(Profile::Entra, &version_2, &json!({ "scp": "a  b" }), ClaimError::Scope);
    let mut without = version_2;
    without.as_object_mut().unwrap().remove("roles");
    assert_eq!(&*read(Profile::Entra, &without).unwrap().scope, "");
    without["roles"] = json!([]);
    without["scp"] = json!(["a", "b"]);
    assert_eq!(&*read(Profile::Entra, &without).unwrap().scope, "a b");
}

#[test]
fn cognito_has_no_audience_but_the_client() {
    let token = token(&json!({
        "sub": "4k3", "token_use": "access", "scope": "https://api.test/orders.read", "version": 2,
        "jti": "6c2", "client_id": "4k3",
    }));
    accepts(Profile::Cognito, &token, ["4k3", "4k3", "https://api.test/orders.read", "6c2", "4k3"]);
    refuses(Profile::Cognito, &token, &json!({ "token_use": "id" }), ClaimError::Required);
    refuses(Profile::Cognito, &token, &json!({ "token_use": null }), ClaimError::Required);
    refuses(Profile::Cognito, &token, &json!({ "aud": 7 }), ClaimError::Audience);
    let mut bound = token;
    bound["aud"] = json!("https://api.test");
    let claims = read(Profile::Cognito, &bound).unwrap();
    assert_eq!(claims.audience().collect::<Vec<_>>(), ["https://api.test"]);
}

#[test]
fn okta_names_the_client_cid_and_lists_scopes() {
    let token = token(&json!({
        "ver": 1, "jti": "AT.1", "aud": "api://default", "cid": "0oa1", "scp": ["orders:read", "b"],
        "sub": "0oa1",
    }));
    accepts(Profile::Okta, &token, ["0oa1", "0oa1", "orders:read b", "AT.1", "api://default"]);
    refuses(Profile::Okta, &token, &json!({ "cid": null }), ClaimError::Required);
    refuses(Profile::Okta, &token, &json!({ "scp": [1] }), ClaimError::Scope);
    refuses(Profile::Okta, &token, &json!({ "jti": null }), ClaimError::Required);
}

#[test]
fn the_standard_does_not_know_the_names_of_others() {
    let token = token(&json!({
        "sub": "c", "client_id": "c", "azp": "other", "cid": "other", "scp": ["x"], "jti": "t",
        "aud": "api", "typ": "ID", "token_use": "id", "roles": ["admin"],
    }));
    accepts(Profile::Rfc9068, &token, ["c", "c", "", "t", "api"]);
}

#[test]
fn each_profile_has_the_types_of_its_access_tokens() {
    use crate::token::TokenType::{AccessToken, Jwt, Missing};
    for (profile, expected) in [
        (Profile::Auth0, &[AccessToken, Jwt][..]),
        (Profile::Cognito, &[Missing]),
        (Profile::Entra, &[Jwt]),
        (Profile::Keycloak, &[Jwt]),
        (Profile::Okta, &[Missing, Jwt]),
        (Profile::Rfc9068, &[AccessToken]),
    ] {
        assert_eq!(profile.token_types(), expected, "{profile:?}");
    }
    assert_eq!(Profile::default(), Profile::Rfc9068);
}
