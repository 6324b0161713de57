//! The end of every way: allow or deny, as data. Hosts translate it and add nothing.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::policy::RouteName;
use crate::rejection::Rejection;

mod response;

pub use self::response::Response;

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It goes on to the upstream.
    Allow(Allow),
    /// It ends here.
    Deny(Deny),
}

/// A request that goes on, and what changes about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Header lines to set after the removal, names in lower case.
    pub set: Vec<(Arc<str>, Arc<str>)>,
    /// Header names of which every line must be removed, in lower case.
    pub remove: Vec<Cow<'static, str>>,
    /// Why the request would have been refused, were the route enforced.
    pub would_deny: Option<Rejection>,
    /// What is known about the caller.
    pub facts: Facts,
}

/// A request that ends at the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deny {
    /// The reason.
    pub rejection: Rejection,
    /// The scopes to name in the challenge, separated by spaces.
    pub(crate) required_scope: String,
    /// What is known about the caller.
    pub facts: Facts,
}

/// What an access log should know. Everything here was vouched for: the route by the policy, the
/// others by the issuer's signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The name of the matching route.
    pub route: Option<RouteName>,
    /// `iss`.
    pub issuer: Option<Arc<str>>,
    /// `client_id`.
    pub client_id: Option<Arc<str>>,
    /// `sub`.
    pub subject: Option<Arc<str>>,
    /// The scope tokens of the token with one space between them.
    pub scope: Option<Arc<str>>,
    /// `jti`.
    pub token_id: Option<Arc<str>>,
}

impl Deny {
    /// A refusal that knows nothing but its reason.
    pub fn new(rejection: Rejection) -> Self {
        Self { rejection, required_scope: String::new(), facts: Facts::default() }
    }

    /// The HTTP answer.
    pub fn response(&self) -> Response {
        response::respond(self)
    }
}
