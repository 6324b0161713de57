//! One request, and what it costs.

use super::metered::Metered;

/// Anything that a caller can send.
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) authority: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// A decision, and the steps that it took.
#[derive(Debug)]
pub(crate) struct Cost {
    pub(crate) steps: u64,
    /// Bytes of the request.
    pub(crate) bytes: u64,
    pub(crate) status: u32,
    pub(crate) reason: String,
}

impl Sent {
    /// A request without anything special.
    pub(crate) fn to(path: impl Into<String>) -> Self {
        let (method, authority) = ("GET".to_owned(), "api.example.com".to_owned());
        Self { method, authority, path: path.into(), headers: Vec::new() }
    }

    /// One with a token.
    pub(crate) fn with_token(token: impl AsRef<str>) -> Self {
        Self::to("/orders/7").and("authorization", format!("Bearer {}", token.as_ref()))
    }

    /// The same with one more header line.
    pub(crate) fn and(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// Starts the core and puts a policy to work.
pub(crate) fn start(policy: &str) -> Metered {
    let mut core = Metered::start();
    load(&mut core, policy);
    core
}

/// Puts a policy to work: the steps that it took.
pub(crate) fn load(core: &mut Metered, policy: &str) -> u64 {
    core.put(&[policy.as_bytes()]);
    let before = core.steps();
    assert_eq!(core.call("load_policy", ()), 1, "{}", core.answer());
    core.steps() - before
}

pub(crate) fn ask(core: &mut Metered, sent: &Sent) -> Cost {
    let mut pieces = vec![sent.method.as_bytes(), sent.authority.as_bytes(), sent.path.as_bytes()];
    let lines = sent.headers.iter();
    pieces.extend(lines.flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
    let bytes = pieces.iter().map(|piece| u64::try_from(piece.len()).unwrap()).sum();
    core.put_request(&pieces);
    let before = core.steps();
    let status = core.call("decide", NOW);
    Cost { steps: core.steps() - before, bytes, status, reason: core.answer() }
}

/// The time of all requests, at which the tokens of `edgelatch_tests::minting` are valid.
const NOW: u32 = 1_900_000_000;
