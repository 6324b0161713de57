//! Where a token is sent: the engine natively, the engine as WebAssembly, the shipped filter in a real Envoy.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use edgelatch_core::{
    Decision, Engine, Policy, Request, SignatureOutcome, Step, Timestamp, software,
};
use edgelatch_tests::corpus::{
    EnvoyHost, Exchange, Expanded, ExpandedCase, Expect, HeaderValue, Host, Trial,
};
use serde_json::Value;

use super::metered::Metered;

pub(crate) trait Edge {
    /// The tokens to come are for this policy.
    fn begin(&mut self, policy: &str);

    /// The reason why a token is refused, which all of them are.
    fn ask(&mut self, token: &str) -> String;
}

/// Knows what no client can see: how far a token came.
#[derive(Default)]
pub(crate) struct NativeEdge {
    engine: Option<Engine>,
    /// Whether the signature of the last token was found valid.
    pub(crate) is_signed: bool,
}

impl Edge for NativeEdge {
    fn begin(&mut self, policy: &str) {
        self.engine = Some(Engine::new(Policy::from_json(policy.as_bytes()).unwrap()));
    }

    fn ask(&mut self, token: &str) -> String {
        let value = authorization(token);
        let headers = [(&b"authorization"[..], value.as_bytes())];
        let (method, authority, path) = (&b"GET"[..], &b"api"[..], &b"/orders"[..]);
        let request = Request { method, authority, path, headers: &headers, ..Request::default() };
        let now = Timestamp::from_unix_seconds(NOW.into());
        let engine = self.engine.as_mut().unwrap();
        self.is_signed = false;
        let mut step = engine.begin(&request, now);
        loop {
            match step {
                Step::Verify(pending) => {
                    let outcome = software::verify(&pending.check());
                    self.is_signed = outcome == SignatureOutcome::Valid;
                    step = engine.finish(pending, outcome, now);
                }
                Step::Decided(Decision::Deny(deny)) => return deny.rejection.code().to_owned(),
                step => panic!("{token}: {step:?}"),
            }
        }
    }
}

pub(crate) struct WasmEdge(Metered);

impl WasmEdge {
    pub(crate) fn start() -> Self {
        Self(Metered::start())
    }
}

impl Edge for WasmEdge {
    fn begin(&mut self, policy: &str) {
        self.0.put(&[policy.as_bytes()]);
        assert_eq!(self.0.call("load_policy", ()), 1, "{}", self.0.answer());
    }

    fn ask(&mut self, token: &str) -> String {
        let value = authorization(token);
        self.0.put_request(&[b"GET", b"api", b"/orders", b"authorization", value.as_bytes()]);
        assert!(matches!(self.0.call("decide", NOW), 400 | 401), "{token}");
        self.0.answer()
    }
}

/// An Envoy with a listener for every policy.
pub(crate) struct EnvoyEdge {
    host: EnvoyHost,
    /// One for each policy.
    cases: Vec<ExpandedCase>,
    policies: BTreeMap<String, String>,
    now: u32,
}

impl EnvoyEdge {
    /// Starts it with policies, each with the key sets that it fetches, by their path; `plugin` is merged over the
    /// filter's configuration.
    pub(crate) fn start(
        policies: Vec<(String, BTreeMap<String, Value>)>,
        folder: &Path,
        plugin: Value,
    ) -> Self {
        let mut corpus = Expanded::default();
        for (policy, key_sets) in policies {
            let name = format!("policy-{:03}", corpus.policies.len());
            corpus.policies.insert(name.clone(), policy);
            corpus.cases.push(case(name, key_sets));
        }
        let host = EnvoyHost::start_with(&corpus, folder, plugin).unwrap();
        Self { host, cases: corpus.cases, policies: corpus.policies, now: NOW }
    }

    /// Lets time pass, so that whatever waits for its time is due.
    pub(crate) fn wait_seconds(&mut self, seconds: u32) {
        self.now += seconds;
    }

    /// The algorithms whose signatures Envoy checks for the filter.
    pub(crate) fn on_host(&self) -> BTreeSet<String> {
        let stats = self.host.ask("/stats?filter=edgelatch.signature_on_host").unwrap();
        let gauges: Vec<_> =
            stats.lines().filter_map(|line| line.rsplit_once('=')?.1.split_once(": ")).collect();
        assert_eq!(gauges.len(), 8, "{stats}");
        let on_host = gauges.iter().filter(|(_, value)| *value == "1");
        on_host.map(|(name, _)| (*name).to_owned()).collect()
    }

    pub(crate) fn check_no_trap(&self) {
        assert_eq!(self.host.traps().unwrap(), 0, "the filter failed and was loaded again");
    }
}

impl Edge for EnvoyEdge {
    fn begin(&mut self, policy: &str) {
        let case = self.cases.iter().find(|case| self.policies[&case.policy] == policy).unwrap();
        self.host.begin(case, policy).unwrap();
    }

    fn ask(&mut self, token: &str) -> String {
        let observed = self.host.answer(&exchange(token, self.now)).unwrap();
        assert!(matches!(observed.status, 400 | 401 | 503), "{token}: {}", observed.status);
        observed.reason.unwrap_or_else(|| panic!("{token}: refused, but not by the filter"))
    }
}

fn case(policy: String, key_sets: BTreeMap<String, Value>) -> ExpandedCase {
    ExpandedCase {
        name: policy.clone(),
        threat: String::new(),
        why: String::new(),
        policy,
        key_sets,
        trial: Trial::Requests(vec![exchange("", NOW)]),
    }
}

fn exchange(token: &str, now: u32) -> Exchange {
    let authorization = HeaderValue(authorization(token).into_bytes());
    Exchange {
        now: now.into(),
        source: None,
        method: "GET".to_owned(),
        authority: "api".to_owned(),
        path: HeaderValue(b"/orders".to_vec()),
        headers: vec![("authorization".to_owned(), authorization)],
        wire: None,
        body: None,
        expect: Expect {
            status: 401,
            reason: None,
            would_deny: None,
            challenge: None,
            grpc_status: None,
            forwarded: None,
        },
        envoy: None,
    }
}

fn authorization(token: &str) -> String {
    format!("Bearer {token}")
}

/// The time of the corpus.
const NOW: u32 = 1_900_000_000;
