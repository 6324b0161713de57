//! The members of every part of the document.

use alloc::vec::Vec;

use super::reader::{Members, Word, anything, list, number, table, text, texts, word};
use super::{
    CertificateDocument, CertificateFrom, ClientDocument, DefaultMode, ForwardDocument,
    IssuerDocument, PolicyDocument, ProofDocument, RouteDocument, ScopesDocument,
    StatusListDocument, TokenCacheDocument,
};
use crate::claims::Profile;
use crate::json::{Object, Value};
use crate::policy::error::PolicyError;
use crate::policy::forward::{Source, TokenForwarding};
use crate::policy::place::Place;
use crate::policy::route::{Mode, RequiredBinding};
use crate::token::TokenType;

type Read<T> = Result<T, PolicyError>;

/// The whole.
pub(super) fn policy<'a>(document: &'a Object<'a>, place: &Place<'_>) -> Read<PolicyDocument<'a>> {
    let object = Members::of(
        document,
        place,
        &[
            "issuers",
            "routes",
            "forward",
            "clients",
            "client_certificate",
            "dpop",
            "default_mode",
            "maximum_token_bytes",
            "token_cache",
        ],
    )?;
    Ok(PolicyDocument {
        issuers: object.defaulted("issuers", |value, place| list(value, place, issuer))?,
        routes: object.defaulted("routes", |value, place| list(value, place, route))?,
        forward: object.defaulted("forward", forward)?,
        clients: object.defaulted("clients", |value, place| list(value, place, client))?,
        client_certificate: object.optional("client_certificate", certificate)?,
        dpop: object.optional("dpop", proofs)?,
        default_mode: object.optional("default_mode", word)?,
        maximum_token_bytes: object.optional("maximum_token_bytes", number)?,
        token_cache: object.defaulted("token_cache", token_cache)?,
    })
}

fn issuer<'a>(value: &'a Value<'a>, place: &Place<'_>) -> Read<IssuerDocument<'a>> {
    let object = Members::open(
        value,
        place,
        &[
            "issuer",
            "profile",
            "audiences",
            "algorithms",
            "token_types",
            "jwks",
            "jwks_uri",
            "envoy_cluster",
            "status_list",
            "clock_skew_seconds",
            "maximum_token_lifetime_seconds",
            "refresh_seconds",
            "cooldown_seconds",
            "maximum_stale_seconds",
        ],
    )?;
    Ok(IssuerDocument {
        issuer: object.required("issuer", text)?,
        profile: object.defaulted("profile", word)?,
        audiences: object.required("audiences", texts)?,
        algorithms: object.optional("algorithms", texts)?,
        token_types: object.optional("token_types", token_types)?,
        jwks: object.optional("jwks", anything)?,
        jwks_uri: object.optional("jwks_uri", text)?,
        envoy_cluster: object.optional("envoy_cluster", text)?,
        status_list: object.optional("status_list", status_list)?,
        clock_skew_seconds: object.optional("clock_skew_seconds", number)?,
        maximum_token_lifetime_seconds: object
            .optional("maximum_token_lifetime_seconds", number)?,
        refresh_seconds: object.optional("refresh_seconds", number)?,
        cooldown_seconds: object.optional("cooldown_seconds", number)?,
        maximum_stale_seconds: object.optional("maximum_stale_seconds", number)?,
    })
}

fn token_types(value: &Value<'_>, place: &Place<'_>) -> Read<Vec<TokenType>> {
    list(value, place, word)
}

fn status_list(value: &Value<'_>, place: &Place<'_>) -> Read<StatusListDocument> {
    let fields = ["uri", "wait_seconds", "refresh_seconds", "maximum_stale_seconds"];
    let object = Members::open(value, place, &fields)?;
    Ok(StatusListDocument {
        uri: object.required("uri", text)?,
        wait_seconds: object.optional("wait_seconds", number)?,
        refresh_seconds: object.optional("refresh_seconds", number)?,
        maximum_stale_seconds: object.optional("maximum_stale_seconds", number)?,
    })
}

fn route(value: &Value<'_>, place: &Place<'_>) -> Read<RouteDocument> {
    let object = Members::open(
        value,
        place,
        &[
            "name",
            "methods",
            "hosts",
            "path",
            "mode",
            "scopes",
            "audiences",
            "issuers",
            "clients",
            "networks",
            "binding",
        ],
    )?;
    Ok(RouteDocument {
        name: object.required("name", text)?,
        methods: object.required("methods", texts)?,
        hosts: object.optional("hosts", texts)?,
        path: object.required("path", text)?,
        mode: object.optional("mode", word)?,
        scopes: object.optional("scopes", scopes)?,
        audiences: object.optional("audiences", texts)?,
        issuers: object.optional("issuers", texts)?,
        clients: object.optional("clients", texts)?,
        networks: object.optional("networks", texts)?,
        binding: object.optional("binding", word)?,
    })
}

fn scopes(value: &Value<'_>, place: &Place<'_>) -> Read<ScopesDocument> {
    let object = Members::open(value, place, &["all", "any"])?;
    Ok(ScopesDocument { all: object.optional("all", texts)?, any: object.optional("any", texts)? })
}

fn forward(value: &Value<'_>, place: &Place<'_>) -> Read<ForwardDocument> {
    let fields = ["headers", "strip", "would_deny_header", "token"];
    let object = Members::open(value, place, &fields)?;
    Ok(ForwardDocument {
        headers: object.optional("headers", |value, place| table(value, place, word))?,
        strip: object.optional("strip", texts)?,
        would_deny_header: object.optional("would_deny_header", text)?,
        token: object.defaulted("token", word)?,
    })
}

fn client(value: &Value<'_>, place: &Place<'_>) -> Read<ClientDocument> {
    let object = Members::open(value, place, &["client_id", "issuer", "networks"])?;
    Ok(ClientDocument {
        client_id: object.required("client_id", text)?,
        issuer: object.optional("issuer", text)?,
        networks: object.required("networks", texts)?,
    })
}

fn certificate(value: &Value<'_>, place: &Place<'_>) -> Read<CertificateDocument> {
    let object = Members::open(value, place, &["from", "trusted_networks"])?;
    Ok(CertificateDocument {
        from: object.required("from", word)?,
        trusted_networks: object.optional("trusted_networks", texts)?,
    })
}

fn proofs(value: &Value<'_>, place: &Place<'_>) -> Read<ProofDocument> {
    let object = Members::open(value, place, &["proof_lifetime_seconds", "maximum_proofs"])?;
    Ok(ProofDocument {
        proof_lifetime_seconds: object.optional("proof_lifetime_seconds", number)?,
        maximum_proofs: object.optional("maximum_proofs", number)?,
    })
}

fn token_cache(value: &Value<'_>, place: &Place<'_>) -> Read<TokenCacheDocument> {
    let object = Members::open(value, place, &["maximum_entries", "maximum_bytes"])?;
    Ok(TokenCacheDocument {
        maximum_entries: object.optional("maximum_entries", number)?,
        maximum_bytes: object.optional("maximum_bytes", number)?,
    })
}

impl Word for CertificateFrom {
    const WORDS: &'static [(&'static str, Self)] =
        &[("connection", Self::Connection), ("xfcc", Self::Xfcc)];
}

impl Word for DefaultMode {
    const WORDS: &'static [(&'static str, Self)] =
        &[("enforce", Self::Enforce), ("observe", Self::Observe)];
}

impl Word for Mode {
    const WORDS: &'static [(&'static str, Self)] =
        &[("enforce", Self::Enforce), ("observe", Self::Observe), ("public", Self::Public)];
}

impl Word for RequiredBinding {
    const WORDS: &'static [(&'static str, Self)] =
        &[("mtls", Self::Certificate), ("dpop", Self::Proof)];
}

impl Word for Source {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("audience", Self::Audience),
        ("client_id", Self::ClientId),
        ("issuer", Self::Issuer),
        ("route", Self::Route),
        ("scope", Self::Scope),
        ("subject", Self::Subject),
        ("token_id", Self::TokenId),
    ];
}

impl Word for Profile {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("auth0", Self::Auth0),
        ("cognito", Self::Cognito),
        ("entra", Self::Entra),
        ("keycloak", Self::Keycloak),
        ("okta", Self::Okta),
        ("rfc9068", Self::Rfc9068),
    ];
}

impl Word for TokenForwarding {
    const WORDS: &'static [(&'static str, Self)] = &[("keep", Self::Keep), ("strip", Self::Strip)];
}

impl Word for TokenType {
    const WORDS: &'static [(&'static str, Self)] =
        &[("at+jwt", Self::AccessToken), ("JWT", Self::Jwt), ("missing", Self::Missing)];
}
