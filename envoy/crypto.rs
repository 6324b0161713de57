//! Who answers a signature check: Envoy's own crypto where it has shown that it can, and where Rust is not faster.

mod der;
mod proof;
mod question;

use crate::host::{self, HostError, Level};
use edgelatch_core::{Algorithm, KeyMaterial, SignatureCheck, SignatureOutcome, software};

use self::question::{MalformedAnswer, Question};

/// The algorithms that Envoy checks for this worker. Chosen once, when a policy is taken up: a request
/// never decides who answers it.
#[derive(Debug, Default)]
pub(crate) struct Crypto {
    on_host: Vec<Algorithm>,
    /// Kept between questions for its memory.
    buffer: Vec<u8>,
}

/// Who checks a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Host,
    Filter,
}

/// Why Envoy's answer says neither yes nor no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoAnswer {
    /// The call itself failed: not offered, or not allowed.
    Host(HostError),
    /// It came back with something else than a verdict.
    Malformed,
}

impl Crypto {
    /// Asks Envoy questions whose answers are known. Only an algorithm of which it knows good from bad
    /// is left to it.
    pub(crate) fn choose() -> Self {
        let mut buffer = Vec::new();
        let knows = |algorithm: &Algorithm| {
            proof::knows(*algorithm, |question| ask(question, &mut buffer).ok())
        };
        let on_host = Algorithm::ALL.into_iter().filter(knows).collect();
        Self { on_host, buffer }
    }

    /// Each algorithm, and whether Envoy checks its signatures, if only until Rust is prepared.
    pub(crate) fn backends(&self) -> impl Iterator<Item = (Algorithm, bool)> {
        Algorithm::ALL.into_iter().map(|algorithm| (algorithm, self.is_on_host(algorithm)))
    }

    fn is_on_host(&self, algorithm: Algorithm) -> bool {
        self.on_host.contains(&algorithm)
    }

    /// The answer to a signature check by whom [`Self::backend`] names. What Envoy refuses stays refused: to ask again
    /// elsewhere would let a signature choose its verifier.
    pub(crate) fn verify(
        &mut self,
        check: &SignatureCheck<'_>,
        backend: Backend,
    ) -> SignatureOutcome {
        match backend {
            Backend::Filter => software::verify(check),
            Backend::Host => self.verify_on_host(check),
        }
    }

    /// A key that stays comes to be checked faster here than by Envoy, which reads it anew each time. What that takes is
    /// made from one valid signature to the next, so no caller chooses.
    pub(crate) fn backend(&self, check: &SignatureCheck<'_>) -> Backend {
        if self.is_on_host(check.algorithm) && !software::is_prepared(check.key) {
            Backend::Host
        } else {
            Backend::Filter
        }
    }

    fn verify_on_host(&mut self, check: &SignatureCheck<'_>) -> SignatureOutcome {
        let Some(question) = question(check) else { return SignatureOutcome::Unsupported };
        match ask(&question, &mut self.buffer) {
            Ok(true) => {
                software::prepare(check.key);
                SignatureOutcome::Valid
            }
            Ok(false) => SignatureOutcome::Invalid,
            Err(error) => {
                host::log(Level::Critical, &complaint(error));
                SignatureOutcome::Unsupported
            }
        }
    }
}

/// The question as Envoy understands it; `None` if it has no way to say so.
fn question<'a>(check: &SignatureCheck<'a>) -> Option<Question<'a>> {
    let hash = match (check.algorithm, check.key.material()) {
        (Algorithm::Es256, KeyMaterial::P256 { .. })
        | (Algorithm::Rs256, KeyMaterial::Rsa { .. }) => "sha256",
        (Algorithm::Rs384, KeyMaterial::Rsa { .. }) => "sha384",
        (Algorithm::Rs512, KeyMaterial::Rsa { .. }) => "sha512",
        _ => return None,
    };
    let key = check.key.material();
    Some(Question { hash, key, message: check.message, signature: check.signature })
}

fn ask(question: &Question<'_>, buffer: &mut Vec<u8>) -> Result<bool, NoAnswer> {
    question.write(buffer);
    let answer = host::call_foreign_function("verify_signature", buffer);
    question::read_answer(&answer.map_err(NoAnswer::Host)?)
        .map_err(|MalformedAnswer| NoAnswer::Malformed)
}

fn complaint(error: NoAnswer) -> String {
    const CONSEQUENCE: &str = "requests with such signatures are answered 503 [sig.unsupported]";
    match error {
        NoAnswer::Host(error) => format!("a signature was not checked, as {error}; {CONSEQUENCE}"),
        NoAnswer::Malformed => {
            format!("a signature was not checked, as envoy's answer has no verdict; {CONSEQUENCE}")
        }
    }
}
