//! All routes, found by the request's path segment by segment: the cost grows with the path, not
//! with the number of routes.

use alloc::vec::Vec;

use super::host::{self, HostPattern};
use super::names::Names;
use super::path::{self, MAXIMUM_SEGMENTS, TemplateSegment};
use super::route::{Methods, Route};
use crate::request::Request;

/// The routes of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    routes: Vec<Route>,
    /// The tree of path segments; the first node is the root.
    nodes: Vec<Node>,
    /// Whether any route depends on the host.
    names_hosts: bool,
}

/// What of a request decides among routes with the same path.
#[derive(Clone, Copy)]
struct Target<'a> {
    method: &'a [u8],
    host: &'a [u8],
}

/// What the search found below a node.
enum Found {
    Route(usize),
    /// No route here; a less specific one elsewhere may do.
    Nothing,
    /// A spelling that a lenient upstream takes for a more specific route: the search is over.
    Lookalike,
}

/// Why no route is for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteError {
    /// The authority could mean two hosts.
    AmbiguousHost,
    /// The path could mean two resources.
    AmbiguousPath,
    /// No route has this path, host and method.
    NoRoute,
}

#[derive(Clone, Debug, Default)]
struct Node {
    literals: Names,
    /// The literals in lower case.
    folded: Names,
    /// Bytes of the longest literal.
    longest_literal: usize,
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
        Self { routes: Vec::new(), nodes: [Node::default()].into(), names_hosts: false }
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
        self.names_hosts |= route.hosts.iter().any(|host| *host != HostPattern::Any);
        self.routes.push(route);
        Ok(())
    }

    /// The most specific route for a request: literal before parameter before rest, exact host before
    /// `*.` before none, named method before `*`.
    pub(crate) fn find(&self, request: &Request<'_>) -> Result<usize, RouteError> {
        let segments = path::segments(request.path_only()).ok_or(RouteError::AmbiguousPath)?;
        let host = match host::host_of(request.authority) {
            Some(host) => host,
            None if self.names_hosts => return Err(RouteError::AmbiguousHost),
            None => &[],
        };
        let target = Target { method: request.method, host };
        let root = self.nodes.first().ok_or(RouteError::NoRoute)?;
        // Split once: the walk may come by a segment on several ways. No template goes deeper than this.
        let mut split = [&[][..]; MAXIMUM_SEGMENTS + 1];
        let count = split.iter_mut().zip(segments).map(|(place, segment)| *place = segment).count();
        match self.walk(root, split.get(..count).unwrap_or_default(), target) {
            Found::Route(index) => Ok(index),
            Found::Nothing | Found::Lookalike => Err(RouteError::NoRoute),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Route> {
        self.routes.get(index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// Depth is bounded by the templates, and every node is visited once at the most.
    fn walk(&self, node: &Node, segments: &[&[u8]], target: Target<'_>) -> Found {
        let Some((segment, segments)) = segments.split_first() else {
            return self.end(node, target);
        };
        let literal = node.literals.find(segment);
        if literal.is_none() && self.is_lookalike(node, segment, segments, target) {
            return Found::Lookalike;
        }
        let parameter = node.parameter.filter(|_| !segment.is_empty());
        for child in [literal, parameter].into_iter().flatten() {
            let Some(child) = self.nodes.get(child) else { continue };
            match self.walk(child, segments, target) {
                Found::Nothing => {}
                found => return found,
            }
        }
        self.best(&node.rest, target)
    }

    /// The path ends at this node.
    fn end(&self, node: &Node, target: Target<'_>) -> Found {
        let here = self.best(&node.here, target);
        if let Found::Route(_) = here {
            return here;
        }
        // `/a` where `/a/` is a route.
        let slash = node.literals.find(b"").and_then(|child| self.nodes.get(child));
        if slash.is_some_and(|slash| matches!(self.best(&slash.here, target), Found::Route(_))) {
            return Found::Lookalike;
        }
        self.best(&node.rest, target)
    }

    /// Whether a segment differs from a literal only in letter case or escapes, or is nothing but the
    /// slash behind a route. An upstream that ignores the difference would serve the more specific
    /// route's resource under a weaker one.
    fn is_lookalike(
        &self,
        node: &Node,
        segment: &[u8],
        rest: &[&[u8]],
        target: Target<'_>,
    ) -> bool {
        if segment.is_empty() && rest.is_empty() {
            let ends_here = matches!(self.best(&node.here, target), Found::Route(_));
            return ends_here && node.rest.is_empty();
        }
        // An escape is three bytes for one. What is longer still can be no literal of this node, however
        // often the walk comes by with it.
        segment.len() <= node.longest_literal.saturating_mul(3)
            && node.folded.contains(&path::fold(segment))
    }

    fn best(&self, candidates: &[usize], target: Target<'_>) -> Found {
        let ranked = candidates.iter().filter_map(|index| {
            let route = self.routes.get(*index)?;
            Some((rank(route, target)?, *index))
        });
        ranked.max().map_or(Found::Nothing, |(_, index)| Found::Route(index))
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
        parent.folded.add(&path::fold(text), next);
        parent.longest_literal = parent.longest_literal.max(text.len());
        let child = parent.literals.add(text, next);
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

fn is_conflict(one: &Route, other: &Route) -> bool {
    one.methods.overlaps(&other.methods) && one.hosts.iter().any(|host| other.hosts.contains(host))
}

/// How specifically a route matches host and method; none if it does not match.
fn rank(route: &Route, target: Target<'_>) -> Option<(usize, bool)> {
    if !route.methods.matches(target.method) {
        return None;
    }
    let hosts = route.hosts.iter().filter(|host| host.matches(target.host));
    let host = hosts.map(HostPattern::specificity).max()?;
    Some((host, route.methods != Methods::Any))
}

#[cfg(test)]
mod tests;
