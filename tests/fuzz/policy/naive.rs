//! Routes as somebody reads them who has only the document.

use serde_json::Value;

use crate::sent::Sent;

/// An entry of `routes`.
#[derive(Clone, Copy)]
pub(super) struct NaiveRoute<'a>(&'a Value);

impl<'a> NaiveRoute<'a> {
    pub(super) fn all(document: &'a Value) -> impl Iterator<Item = Self> {
        document.get("routes").and_then(Value::as_array).into_iter().flatten().map(Self)
    }

    pub(super) fn find(document: &'a Value, name: &str) -> Option<Self> {
        Self::all(document).find(|route| route.text("name") == name)
    }

    pub(super) fn mode(self) -> Option<&'a Value> {
        self.0.get("mode")
    }

    pub(super) fn has_parameters(self) -> bool {
        self.text("path").contains('{') || self.text("path").as_bytes() == super::NOWHERE
    }

    /// Whether method, host and path of the request are among those that the route names.
    pub(super) fn is_for(self, sent: &Sent) -> bool {
        let is_method = |name: &str| name == "*" || name.as_bytes() == sent.method;
        self.names("methods").any(is_method) && self.is_for_host(sent) && self.is_for_path(sent)
    }

    fn is_for_host(self, sent: &Sent) -> bool {
        let authority = String::from_utf8_lossy(&sent.authority).to_ascii_lowercase();
        let host = authority.rsplit_once(':').map_or(&*authority, |(host, _)| host);
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_host = |name: &str| match name.strip_prefix('*') {
            Some(domain) => host.ends_with(domain),
            None => host == name || authority == name,
        };
        self.0.get("hosts").is_none_or(Value::is_null) || self.names("hosts").any(is_host)
    }

    fn is_for_path(self, sent: &Sent) -> bool {
        let path = sent.path.split(|byte| *byte == b'?').next().unwrap_or_default();
        let mut segments = path.split(|byte| *byte == b'/');
        for part in self.text("path").split('/') {
            if part.ends_with("...}") {
                return true;
            }
            let Some(segment) = segments.next() else { return false };
            if part.starts_with('{') && !segment.is_empty() {
                continue;
            }
            if part.as_bytes() != segment {
                return false;
            }
        }
        segments.next().is_none()
    }

    fn text(self, member: &str) -> &'a str {
        self.0.get(member).and_then(Value::as_str).unwrap_or_default()
    }

    fn names(self, member: &str) -> impl Iterator<Item = &'a str> {
        self.0.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}
