//! What a source decides about requests, whatever it was written in.

use super::outcome::{Outcome, Unsayable};
use super::path::{Matcher, Path};

/// Which requests a rule is for. An empty list is for all.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) matcher: Matcher,
    pub(super) methods: Vec<String>,
    pub(super) hosts: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Where it stands in the source.
    pub(super) place: String,
    pub(super) condition: Condition,
    pub(super) outcome: Outcome,
}

/// Rules, and how they are put together. A request passes if every layer lets it pass.
#[derive(Clone, Debug)]
pub(super) enum Layer {
    /// The first that matches decides; none decides nothing.
    First(Vec<Rule>),
    /// One that matches must be satisfied; without a match the request is refused.
    Any(Vec<Rule>),
    /// All that match must be satisfied; without a match the request passes.
    All(Vec<Rule>),
}

/// A request of which only this is known; `None` stands for a method or host that no rule names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'a> {
    pub(super) path: &'a Path,
    pub(super) method: Option<&'a str>,
    pub(super) host: Option<&'a str>,
}

impl Condition {
    pub(super) fn everything() -> Self {
        Self { matcher: Matcher::everything(), methods: Vec::new(), hosts: Vec::new() }
    }

    fn matches(&self, cell: Cell<'_>) -> bool {
        let method = |name: &String| cell.method == Some(name.as_str());
        let host = |pattern: &String| cell.host.is_some_and(|host| covers(pattern, host));
        self.matcher.contains(cell.path)
            && (self.methods.is_empty() || self.methods.iter().any(method))
            && (self.hosts.is_empty() || self.hosts.iter().any(host))
    }
}

impl Rule {
    /// Nothing passes, wherever it would go.
    pub(super) fn refuse_all(place: &str) -> Self {
        let condition = Condition::everything();
        Self { place: place.to_owned(), condition, outcome: Outcome::Refused }
    }
}

impl Layer {
    pub(super) fn rules(&self) -> &[Rule] {
        match self {
            Self::First(rules) | Self::Any(rules) | Self::All(rules) => rules,
        }
    }

    /// What the layer says about a request; `None` if it says nothing.
    pub(super) fn decide(&self, cell: Cell<'_>) -> Result<Option<Outcome>, Unsayable> {
        let mut matching = self
            .rules()
            .iter()
            .filter(|rule| rule.condition.matches(cell))
            .map(|r| r.outcome.clone());
        match self {
            Self::First(_) => Ok(matching.next()),
            Self::Any(_) => matching.try_fold(Outcome::Refused, Outcome::or).map(Some),
            Self::All(_) => matching.try_fold(Outcome::OPEN, Outcome::and).map(Some),
        }
    }
}

/// What all layers together say. Where the first says nothing, nobody looks at tokens: whatever a later
/// layer asks there was never satisfied, and if none asks for anything, no route is made.
pub(super) fn decide(layers: &[Layer], cell: Cell<'_>) -> Result<Option<Outcome>, Unsayable> {
    let Some((first, later)) = layers.split_first() else { return Ok(None) };
    let first = first.decide(cell)?;
    let is_named = first.is_some();
    let mut whole = first.unwrap_or(Outcome::OPEN);
    for layer in later {
        if let Some(outcome) = layer.decide(cell)? {
            whole = whole.and(outcome)?;
        }
    }
    match (is_named, &whole) {
        (true, _) => Ok(Some(whole)),
        (false, Outcome::Open(None)) => Ok(None),
        (false, _) => Ok(Some(Outcome::Refused)),
    }
}

/// Whether a host pattern is for all hosts of another pattern.
fn covers(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(suffix) => {
            pattern == host
                || host.trim_start_matches('*').ends_with(suffix) && host.len() > suffix.len()
        }
        None => pattern == host,
    }
}
