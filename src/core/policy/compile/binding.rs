//! `client_certificate`, `dpop` and `clients` of the document.

use alloc::format;
use alloc::vec::Vec;

use super::range::Range;
use super::route::network_list;
use crate::binding::{CertificateSource, ProofRules};
use crate::policy::clients::ClientNetworks;
use crate::policy::document::{
    CertificateDocument, CertificateFrom, ClientDocument, ProofDocument,
};
use crate::policy::error::PolicyError;
use crate::policy::issuer::IssuerPolicy;
use crate::policy::place::Place;
use crate::policy::route::{RequiredBinding, Route};

/// Whom to believe about the client's certificate.
pub(super) fn certificate_source(
    document: Option<CertificateDocument>,
) -> Result<CertificateSource, PolicyError> {
    let Some(document) = document else { return Ok(CertificateSource::Nowhere) };
    let place = Place::Top.member("client_certificate");
    let place = place.member("trusted_networks");
    let trusted = network_list(document.trusted_networks, &place)?;
    match (document.from, trusted) {
        (CertificateFrom::Connection, None) => Ok(CertificateSource::Connection),
        (CertificateFrom::Xfcc, Some(trusted)) => Ok(CertificateSource::Forwarded(trusted)),
        (CertificateFrom::Connection, Some(_)) => Err(PolicyError::conflict(
            &place,
            "nobody has to be trusted for the connection's own certificate; remove the field, or \
             write `from: xfcc`",
        )),
        // Whoever may write the header may be any client.
        (CertificateFrom::Xfcc, None) => Err(PolicyError::value(
            &place,
            "missing; name the networks of the proxies that set x-forwarded-client-cert",
        )),
    }
}

/// The rules for DPoP proofs, if they are understood at all.
pub(super) fn proof_rules(
    document: Option<ProofDocument>,
) -> Result<Option<ProofRules>, PolicyError> {
    let Some(document) = document else { return Ok(None) };
    let place = Place::Top.member("dpop");
    let lifetime_seconds = PROOF_LIFETIME
        .check(document.proof_lifetime_seconds, &place.member("proof_lifetime_seconds"))?;
    let maximum = PROOFS.check(document.maximum_proofs, &place.member("maximum_proofs"))?;
    let maximum_proofs = usize::try_from(maximum).unwrap_or(usize::MAX);
    Ok(Some(ProofRules { lifetime_seconds, maximum_proofs }))
}

/// The networks from which clients may call.
pub(super) fn client_networks(
    documents: Vec<ClientDocument>,
    issuers: &[IssuerPolicy],
) -> Result<ClientNetworks, PolicyError> {
    let mut clients = ClientNetworks::default();
    let places = Place::Top.member("clients");
    for (index, document) in documents.into_iter().enumerate() {
        let place = places.element(index);
        let issuer = issuer_of(&document, &place, issuers)?;
        let networks =
            network_list(Some(document.networks), &place.member("networks"))?.unwrap_or_default();
        if document.client_id.is_empty() {
            return Err(PolicyError::value(
                &place.member("client_id"),
                "empty; write the `client_id` of the tokens",
            ));
        }
        if !clients.add(issuer, &document.client_id, networks) {
            return Err(PolicyError::conflict(
                &place,
                "the client is listed twice; merge the two entries",
            ));
        }
    }
    Ok(clients)
}

/// A route must not ask for what no token could bring.
pub(super) fn check_route(
    route: &Route,
    place: &Place<'_>,
    certificates: &CertificateSource,
    proofs: Option<&ProofRules>,
) -> Result<(), PolicyError> {
    let missing = match route.requirements.binding {
        Some(RequiredBinding::Certificate) if *certificates == CertificateSource::Nowhere => {
            "client_certificate"
        }
        Some(RequiredBinding::Proof) if proofs.is_none() => "dpop",
        _ => return Ok(()),
    };
    Err(PolicyError::conflict(
        &place.member("binding"),
        &format!("every request would be refused; add `{missing}` to the policy"),
    ))
}

fn issuer_of(
    document: &ClientDocument,
    place: &Place<'_>,
    issuers: &[IssuerPolicy],
) -> Result<usize, PolicyError> {
    let conflict = |message: &str| Err(PolicyError::conflict(&place.member("issuer"), message));
    match (&document.issuer, issuers) {
        (None, [_]) => Ok(0),
        // Another issuer may give one of its programs the same name as yours.
        (None, _) => conflict("missing; say which issuer's client it is"),
        (Some(name), _) => match issuers.iter().position(|known| *known.issuer == **name) {
            Some(issuer) => Ok(issuer),
            None => {
                conflict("not among the policy's `issuers`; add it there or correct the spelling")
            }
        },
    }
}

const PROOF_LIFETIME: Range = Range { minimum: 5, maximum: 300, default: 60, unit: "seconds" };
const PROOFS: Range = Range { minimum: 16, maximum: 1_048_576, default: 65_536, unit: "proofs" };
