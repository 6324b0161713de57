//! All routes, found by the request's path segment by segment: the cost grows with the path, not
//! with the number of routes.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::host::HostPattern;
use super::path::{self, TemplateSegment};
use super::route::{Methods, Route};
use crate::request::Request;

/// The routes of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    routes: Vec<Route>,
    /// The tree of path segments; the first node is the root.
    nodes: Vec<Node>,
}

/// Why no route is for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteError {
    /// The path could mean two resources.
    AmbiguousPath,
    /// No route has this path, host and method.
    NoRoute,
}

#[derive(Clone, Debug, Default)]
struct Node {
    literals: BTreeMap<Vec<u8>, usize>,
    /// The literals in lower case.
    folded: BTreeSet<Vec<u8>>,
    parameter: Option<usize>,
    /// Routes whose template ends here.
    here: Vec<usize>,
    /// Routes whose template goes on with `{name...}`.
    rest: Vec<usize>,
}

/// How a template ends.
#[derive(Clone, Copy)]
enum End {
    Here,
    Rest,
}

/// Position of another route that is for the same requests.
pub(super) struct RouteConflict(pub(super) usize);

impl Routes {
    pub(super) fn new() -> Self {
        Self { routes: Vec::new(), nodes: [Node::default()].into() }
    }

    /// Adds a route under its template.
    pub(super) fn add(
        &mut self,
        route: Route,
        template: &[TemplateSegment],
    ) -> Result<(), RouteConflict> {
        let index = self.routes.len();
        let (node, end) = self.place(template);
        let routes = &self.routes;
        let conflicts =
            |other: &&usize| routes.get(**other).is_some_and(|other| is_conflict(other, &route));
        let Some(node) = self.nodes.get_mut(node) else { return Ok(()) };
        let leaf = match end {
            End::Here => &mut node.here,
            End::Rest => &mut node.rest,
        };
        if let Some(other) = leaf.iter().find(conflicts) {
            return Err(RouteConflict(*other));
        }
        leaf.push(index);
        self.routes.push(route);
        Ok(())
    }

    /// The most specific route for a request: literal before parameter before rest, exact host before
    /// `*.` before none, named method before `*`.
    pub(crate) fn find(&self, request: &Request<'_>) -> Result<usize, RouteError> {
        let segments = path::segments(request.path_only()).ok_or(RouteError::AmbiguousPath)?;
        let root = self.nodes.first().ok_or(RouteError::NoRoute)?;
        self.walk(root, segments, request).ok_or(RouteError::NoRoute)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Route> {
        self.routes.get(index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// Depth is bounded by the templates, and every node is visited once at the most.
    fn walk<'a>(
        &self,
        node: &Node,
        mut segments: impl Iterator<Item = &'a [u8]> + Clone,
        request: &Request<'_>,
    ) -> Option<usize> {
        let Some(segment) = segments.next() else {
            return self.best(&node.here, request).or_else(|| self.best(&node.rest, request));
        };
        if let Some(child) = node.literals.get(segment) {
            let found = self.walk(self.nodes.get(*child)?, segments.clone(), request);
            if found.is_some() {
                return found;
            }
        } else if node.resembles_literal(segment) {
            return None;
        }
        let child = node.parameter.filter(|_| !segment.is_empty());
        child
            .and_then(|child| self.walk(self.nodes.get(child)?, segments, request))
            .or_else(|| self.best(&node.rest, request))
    }

    fn best(&self, candidates: &[usize], request: &Request<'_>) -> Option<usize> {
        let ranked = candidates.iter().filter_map(|index| {
            let route = self.routes.get(*index)?;
            Some((rank(route, request)?, *index))
        });
        ranked.max().map(|(_, index)| index)
    }

    /// The node where a template ends, made if it is not there yet.
    fn place(&mut self, template: &[TemplateSegment]) -> (usize, End) {
        let mut node = 0;
        for segment in template {
            node = match segment {
                TemplateSegment::Literal(text) => self.literal_child(node, text.as_bytes()),
                TemplateSegment::Parameter => self.parameter_child(node),
                TemplateSegment::Rest => return (node, End::Rest),
            };
        }
        (node, End::Here)
    }

    fn literal_child(&mut self, node: usize, text: &[u8]) -> usize {
        let next = self.nodes.len();
        let Some(parent) = self.nodes.get_mut(node) else { return node };
        parent.folded.insert(path::fold(text));
        let child = *parent.literals.entry(text.into()).or_insert(next);
        self.grow(child)
    }

    fn parameter_child(&mut self, node: usize) -> usize {
        let next = self.nodes.len();
        let Some(parent) = self.nodes.get_mut(node) else { return node };
        let child = *parent.parameter.get_or_insert(next);
        self.grow(child)
    }

    fn grow(&mut self, child: usize) -> usize {
        if child == self.nodes.len() {
            self.nodes.push(Node::default());
        }
        child
    }
}

impl Node {
    /// Whether a segment differs from a literal only in letter case or escapes. An upstream that
    /// ignores the difference would serve the literal's resource under a weaker route.
    fn resembles_literal(&self, segment: &[u8]) -> bool {
        let has_fallback = self.parameter.is_some() || !self.rest.is_empty();
        has_fallback && !self.folded.is_empty() && self.folded.contains(&path::fold(segment))
    }
}

fn is_conflict(one: &Route, other: &Route) -> bool {
    one.methods.overlaps(&other.methods) && one.hosts.iter().any(|host| other.hosts.contains(host))
}

/// How specifically a route matches host and method; none if it does not match.
fn rank(route: &Route, request: &Request<'_>) -> Option<(usize, bool)> {
    if !route.methods.matches(request.method) {
        return None;
    }
    let hosts = route.hosts.iter().filter(|host| host.matches(request.authority));
    let host = hosts.map(HostPattern::specificity).max()?;
    Some((host, route.methods != Methods::Any))
}

#[cfg(test)]
mod tests;
