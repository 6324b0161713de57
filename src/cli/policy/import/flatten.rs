//! From rules in an order to routes of which the most specific is in force.
//!
//! Paths are closed under intersection, so that of all that match a request one is the narrowest. For each
//! the rules are asked, method by method and host by host, as the source would ask them. So neither order
//! nor overlap is lost.

use std::collections::BTreeSet;

use super::notes::Notes;
use super::outcome::{Outcome, Unsayable};
use super::path::{End, Path};
use super::rules::{Cell, Layer, Rule, decide};

/// A route before it has a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Route {
    pub(super) path: Path,
    pub(super) host: Option<String>,
    /// Empty for all that no other route of the path names.
    pub(super) methods: Vec<String>,
    pub(super) outcome: Outcome,
}

/// All routes that say what the layers say.
pub(super) fn flatten(layers: &[Layer], notes: &mut Notes) -> Vec<Route> {
    let rules: Vec<&Rule> = layers.iter().flat_map(Layer::rules).collect();
    let Some(paths) = closure(&rules) else {
        notes.lost("", "the paths overlap in more than 2000 ways; write the policy by hand");
        return Vec::new();
    };
    let guarded = guards(layers, &rules, &paths, notes);
    let mut routes: Vec<Route> = Vec::new();
    for path in paths.union(&guarded) {
        let made = if guarded.contains(path) {
            vec![refused(path)]
        } else {
            routes_of(path, layers, &rules, notes)
        };
        routes.extend(made.into_iter().filter(|route| !is_refused_anyway(route)));
    }
    without_needless_halves(&routes)
}

/// What no route names is refused.
fn is_refused_anyway(route: &Route) -> bool {
    route.outcome == Outcome::Refused
        && route.path == Path::everything()
        && route.host.is_none()
        && route.methods.is_empty()
}

/// `/a/{rest...}` is for `/a` too, unless that asks for something else.
fn without_needless_halves(routes: &[Route]) -> Vec<Route> {
    let of = |path: &Path| -> Vec<Route> {
        routes.iter().filter(|route| route.path == *path).cloned().collect()
    };
    let is_needless = |route: &Route| {
        let below = Path { segments: route.path.segments.clone(), end: End::Below };
        let renamed = |route: Route| Route { path: below.clone(), ..route };
        route.path.end == End::Here
            && of(&route.path).into_iter().map(renamed).collect::<Vec<_>>() == of(&below)
    };
    routes.iter().filter(|route| !is_needless(route)).cloned().collect()
}

fn refused(path: &Path) -> Route {
    Route { path: path.clone(), host: None, methods: Vec::new(), outcome: Outcome::Refused }
}

/// The paths of all rules and what they have in common; none if that is too much.
fn closure(rules: &[&Rule]) -> Option<BTreeSet<Path>> {
    let mut paths: BTreeSet<Path> = BTreeSet::new();
    let mut fresh: Vec<Path> =
        rules.iter().flat_map(|rule| rule.condition.matcher.path.halves()).collect();
    while let Some(path) = fresh.pop() {
        if paths.contains(&path) {
            continue;
        }
        let common = paths.iter().filter_map(|other| other.intersection(&path));
        fresh.extend(common.flat_map(|common| common.halves()));
        paths.insert(path);
        if paths.len() > 2000 {
            return None;
        }
    }
    Some(paths)
}

fn routes_of(path: &Path, layers: &[Layer], rules: &[&Rule], notes: &mut Notes) -> Vec<Route> {
    let applicable: Vec<_> =
        rules.iter().filter(|rule| rule.condition.matcher.contains(path)).collect();
    let named = |list: fn(&Rule) -> &Vec<String>| -> BTreeSet<&str> {
        applicable.iter().flat_map(|rule| list(rule)).map(String::as_str).collect()
    };
    let (methods, hosts) =
        (named(|rule| &rule.condition.methods), named(|rule| &rule.condition.hosts));
    let mut routes = Vec::new();
    for host in std::iter::once(None).chain(hosts.into_iter().map(Some)) {
        let mut ask = |method| {
            decide(layers, Cell { path, method, host }).unwrap_or_else(|Unsayable| {
                notes.lost(
                    &path.template(),
                    "one route cannot ask for all that the rules ask here; it is refused: write it by hand",
                );
                Some(Outcome::Refused)
            })
        };
        let other = ask(None);
        let mut groups: Vec<(Outcome, Vec<String>)> = Vec::new();
        for method in &methods {
            let Some(outcome) = ask(Some(method)).filter(|one| other.as_ref() != Some(one)) else {
                continue;
            };
            match groups.iter_mut().find(|(known, _)| *known == outcome) {
                Some((_, methods)) => methods.push((*method).to_owned()),
                None => groups.push((outcome, vec![(*method).to_owned()])),
            }
        }
        groups.extend(other.map(|outcome| (outcome, Vec::new())));
        let host = host.map(str::to_owned);
        routes.extend(groups.into_iter().map(|(outcome, methods)| Route {
            path: path.clone(),
            host: host.clone(),
            methods,
            outcome,
        }));
    }
    routes
}

/// `prefix: /api` also means `/apix`, which a route cannot say. That is harmless where such a path is
/// refused or asked for the same; where it would be let in more easily, all siblings are refused.
fn guards(
    layers: &[Layer],
    rules: &[&Rule],
    paths: &BTreeSet<Path>,
    notes: &mut Notes,
) -> BTreeSet<Path> {
    let mut guarded = BTreeSet::new();
    for rule in rules.iter().filter(|rule| rule.condition.matcher.is_open_ended) {
        let path = &rule.condition.matcher.path;
        let halves = path.siblings().halves();
        let beside = paths.iter().filter(|other| other.is_beside(path)).cloned().chain(halves);
        let weaker: Vec<_> = beside.filter(|other| is_weaker(layers, rules, other, path)).collect();
        let text = path.template().replace("/{rest...}", "");
        if weaker.is_empty() {
            let now = format!(
                "the prefix `{text}` also meant `{text}x`; now it means `{text}` and what is below it"
            );
            notes.tighter(&rule.place, now);
        } else {
            notes.lost(
                &rule.place,
                format!(
                    "the prefix `{text}` also means `{text}x`, and another rule would let that in; all beside \
                     `{text}` is refused: end the prefix with `/`, or use path_separated_prefix"
                ),
            );
        }
        guarded.extend(weaker);
    }
    guarded
}

/// Whether a request beside the prefix would be let in although one below it were not.
fn is_weaker(layers: &[Layer], rules: &[&Rule], beside: &Path, prefix: &Path) -> bool {
    fn with_none<'a>(names: impl Iterator<Item = &'a String>) -> Vec<Option<&'a str>> {
        names.map(|name| Some(name.as_str())).chain([None]).collect()
    }
    let methods = with_none(rules.iter().flat_map(|rule| &rule.condition.methods));
    let hosts = with_none(rules.iter().flat_map(|rule| &rule.condition.hosts));
    let differs = |method, host| {
        let ask = |path| decide(layers, Cell { path, method, host });
        match (ask(prefix), ask(beside)) {
            (Ok(Some(Outcome::Open(None)) | None), _) | (_, Ok(None | Some(Outcome::Refused))) => {
                false
            }
            (own, fallback) => own != fallback,
        }
    };
    methods.iter().any(|method| hosts.iter().any(|host| differs(*method, *host)))
}
