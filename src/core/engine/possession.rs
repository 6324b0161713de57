//! The second question of a request: whether its sender holds what the token is bound to.

use alloc::boxed::Box;
use alloc::sync::Arc;

use crate::bearer::{Credential, Scheme};
use crate::binding::{BindingError, Presented, PresentedProof, ProofId};
use crate::claims::Claims;
use crate::policy::Policy;
use crate::rejection::Rejection;
use crate::request::Request;
use crate::signature::{SignatureError, SignatureOutcome, Signed};

/// Whose signature is being checked.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// The token's.
    Token(Signed),
    /// That of the proof which came with an authentic token, after everything else was found right.
    Proof(Box<ProofQuestion>),
}

/// A proof, and the caller that it would make out.
#[derive(Clone, Debug)]
pub(super) struct ProofQuestion {
    pub(super) claims: Arc<Claims>,
    pub(super) signed: Signed,
    pub(super) id: ProofId,
}

impl Question {
    pub(super) fn signed(&self) -> &Signed {
        match self {
            Self::Token(signed) => signed,
            Self::Proof(question) => &question.signed,
        }
    }
}

impl Policy {
    /// The schemes under which tokens may come.
    pub(super) fn schemes(&self) -> &'static [Scheme] {
        match self.proofs {
            None => &[Scheme::Bearer],
            Some(_) => &[Scheme::Bearer, Scheme::Dpop],
        }
    }

    /// What of the request may show that a bound token is in the right hands.
    pub(super) fn presented(
        &self,
        request: &Request<'_>,
        credential: Credential<'_>,
    ) -> Result<Presented, BindingError> {
        let proof = match credential.scheme {
            // RFC 9449 s7.2: a proof beside a plain bearer token means nothing.
            Scheme::Bearer => None,
            Scheme::Dpop => Some(PresentedProof::find(request, credential.text)?.into()),
        };
        Ok(Presented { certificate: self.certificates.find(request), proof })
    }
}

/// Takes the host's answer about a proof.
pub(super) fn authenticate_proof(
    signed: Signed,
    outcome: SignatureOutcome,
) -> Result<(), Rejection> {
    match signed.authenticate(outcome) {
        Ok(_) => Ok(()),
        Err(error @ SignatureError::Unsupported) => Err(Rejection::Signature(error)),
        Err(SignatureError::Invalid | SignatureError::Length) => {
            Err(Rejection::Binding(BindingError::Proof))
        }
    }
}
