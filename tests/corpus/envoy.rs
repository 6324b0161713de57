//! The engine inside the built filter inside a real Envoy: raw bytes in, what the upstream got out.

mod bootstrap;
mod key_sets;
mod offers;
mod wire;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;

use serde_json::{Value, json};

use self::bootstrap::Bootstrap;
pub(crate) use self::key_sets::KeySets;
pub(crate) use self::wire::{request as wire_request, without_interim};
use super::judge::Arrived;
use super::{CorpusError, Exchange, Expanded, ExpandedCase, Expect, Host, Observed, Trial};
use crate::lab::http::{self, Response};
use crate::lab::{self, Clock, Echo, Envoy, EnvoyOptions, Upstream};

/// One Envoy with a listener for every policy of the corpus, under a clock that each request sets.
#[derive(Debug)]
pub struct EnvoyHost {
    addresses: BTreeMap<String, SocketAddr>,
    clock: Clock,
    complaints: BTreeMap<String, Option<String>>,
    current: Option<SocketAddr>,
    envoy: Envoy,
    _upstream: Upstream,
    _key_sets: KeySets,
}

impl EnvoyHost {
    /// Starts Envoy for `corpus`; `folder` holds its files and logs.
    pub fn start(corpus: &Expanded, folder: &Path) -> Result<Self, CorpusError> {
        Self::start_with(corpus, folder, json!({}))
    }

    /// The same with more of the filter's configuration, merged over the usual one.
    pub fn start_with(
        corpus: &Expanded,
        folder: &Path,
        plugin: Value,
    ) -> Result<Self, CorpusError> {
        let upstream = Upstream::start().map_err(CorpusError::new)?;
        let filter = lab::filter().map_err(CorpusError::new)?;
        let key_sets = KeySets::serve(corpus).map_err(CorpusError::new)?;
        let bootstrap =
            Bootstrap { filter, upstream: upstream.address, key_sets: key_sets.address, plugin };
        let clock = Clock::create(folder.join("clock")).map_err(CorpusError::new)?;
        clock.set(USUAL_NOW).map_err(CorpusError::new)?;
        let listeners = listeners(corpus);
        let envoy = Envoy::start(&EnvoyOptions {
            config: bootstrap.config(&listeners),
            clock: Some(&clock),
            concurrency: 1,
            log: folder.join("envoy.log"),
        })
        .map_err(CorpusError::new)?;
        Ok(Self {
            addresses: listener_addresses(&envoy)?,
            complaints: offers::offer(corpus, &bootstrap, folder)?,
            clock,
            current: None,
            envoy,
            _upstream: upstream,
            _key_sets: key_sets,
        })
    }

    /// What Envoy's admin interface says at `path`.
    pub fn ask(&self, path: &str) -> Result<String, CorpusError> {
        self.envoy.ask(path).map_err(CorpusError::new)
    }

    /// How often the filter had to be loaded again because it failed; must stay zero.
    pub fn traps(&self) -> Result<u64, CorpusError> {
        let stats = self.ask("/stats?filter=wasm&usedonly")?;
        let counts =
            stats.lines().filter(|line| line.contains("vm_reload") || line.contains("crash"));
        Ok(counts.filter_map(|line| line.rsplit_once(": ")?.1.parse::<u64>().ok()).sum())
    }
}

impl Host for EnvoyHost {
    fn load(&mut self, policy: &str) -> Result<Option<String>, CorpusError> {
        let complaint = self.complaints.get(policy).cloned();
        complaint.ok_or_else(|| CorpusError::new("a policy that was not offered to Envoy"))
    }

    fn begin(&mut self, case: &ExpandedCase, _: &str) -> Result<(), CorpusError> {
        let listener = listener(case);
        let address = self.addresses.get(&listener).copied();
        let missing = || CorpusError::new(format!("Envoy has no listener {listener}"));
        self.current = Some(address.ok_or_else(missing)?);
        Ok(())
    }

    fn answer(&mut self, exchange: &Exchange) -> Result<Observed, CorpusError> {
        let address = self.current.ok_or_else(|| CorpusError::new("no case was begun"))?;
        // Zero stands for the real time; one nanosecond later is the same second.
        let nanoseconds = exchange.now.saturating_mul(1_000_000_000).max(1);
        self.clock.set_nanoseconds(nanoseconds).map_err(CorpusError::new)?;
        let source = exchange.source.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let response = http::exchange_from(source, address, &wire_request(exchange));
        observe(exchange, &response.map_err(CorpusError::new)?)
    }

    fn expect<'a>(&self, exchange: &'a Exchange) -> &'a Expect {
        exchange.envoy.as_ref().unwrap_or(&exchange.expect)
    }
}

/// The policies to serve, by the name of their listener.
fn listeners(corpus: &Expanded) -> BTreeMap<String, String> {
    let with_requests = corpus.cases.iter().filter(|case| matches!(case.trial, Trial::Requests(_)));
    with_requests
        .filter_map(|case| Some((listener(case), corpus.policies.get(&case.policy)?.clone())))
        .collect()
}

/// Cases share an engine per policy, unless they set the clock: an engine remembers the latest time.
fn listener(case: &ExpandedCase) -> String {
    let Trial::Requests(exchanges) = &case.trial else { return case.policy.clone() };
    if exchanges.iter().all(|exchange| exchange.now == USUAL_NOW) {
        case.policy.clone()
    } else {
        format!("{}: {}", case.policy, case.name)
    }
}

/// Where each listener of Envoy's choice of ports is.
pub(crate) fn listener_addresses(
    envoy: &Envoy,
) -> Result<BTreeMap<String, SocketAddr>, CorpusError> {
    let text = envoy.ask("/listeners?format=json").map_err(CorpusError::new)?;
    let listeners: Value = serde_json::from_str(&text).map_err(CorpusError::new)?;
    let statuses = listeners.get("listener_statuses").and_then(Value::as_array);
    let address = |status: &Value| {
        let port = status.pointer("/local_address/socket_address/port_value")?.as_u64()?;
        let name = status.get("name")?.as_str()?.to_owned();
        Some((name, SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(port).ok()?))))
    };
    Ok(statuses.into_iter().flatten().filter_map(address).collect())
}

fn observe(exchange: &Exchange, response: &Response) -> Result<Observed, CorpusError> {
    let response = without_interim(response).map_err(CorpusError::new)?;
    let details = response.header("x-corpus-details").unwrap_or_default();
    let reason = details
        .strip_prefix("edgelatch_access_denied{")
        .and_then(|reason| reason.strip_suffix('}'))
        .map(str::to_owned);
    let note =
        response.header("x-corpus-reason").filter(|reason| !reason.is_empty() && *reason != "-");
    let forwarded = match details {
        "via_upstream" => Some(arrived(exchange, &response)?),
        _ => None,
    };
    Ok(Observed {
        status: response.status,
        would_deny: forwarded.as_ref().and(note).map(str::to_owned),
        reason,
        headers: response.headers.clone(),
        body: response.text(),
        forwarded,
    })
}

/// What the upstream echoed. To HEAD it cannot say anything, so only that it was reached is known.
fn arrived(exchange: &Exchange, response: &Response) -> Result<Arrived, CorpusError> {
    if exchange.method == "HEAD" {
        let headers = exchange.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_latin1()));
        return Ok(Arrived {
            method: exchange.method.clone(),
            path: exchange.path.to_latin1(),
            headers: headers.collect(),
        });
    }
    let echo = Echo::of(response).map_err(CorpusError::new)?;
    Ok(Arrived { method: echo.method, path: echo.path, headers: echo.headers })
}

/// The time of nearly all cases.
const USUAL_NOW: u64 = 1_900_000_000;
