//! The decision of Edgelatch: bytes of a request and the time in, allow or deny out.
//!
//! ```text
//! headers -> bearer -> token -> keys -> [signature] -> claims -> grant -> decision
//!            text      Unverified key    Authentic      Claims             Allow | Deny
//! ```
//!
//! One file per stage, in this order. A stage uses only the one before it, and the types say how far
//! a token may be trusted: only the place that checks can make the next one.
//!
//! The crate has no clock, no socket, no randomness and no log; what it needs to know is an argument,
//! and `now` comes last. The signature check is a question to the host ([`Step::Verify`],
//! [`SignatureCheck`]), because hosts differ in who answers it best; [`software`] answers in Rust.
//!
//! ```
//! use edgelatch_core::{Decision, Engine, Policy, Request, Step, Timestamp};
//!
//! let policy = Policy::from_json(br#"{
//!     "routes": [{ "name": "health", "methods": ["GET"], "path": "/healthz", "mode": "public" }]
//! }"#)?;
//! let mut engine = Engine::new(policy);
//! let now = Timestamp::from_unix_seconds(1_900_000_000);
//! let mut request =
//!     Request { method: b"GET", authority: b"api", path: b"/healthz", ..Request::default() };
//!
//! let step = engine.begin(&request, now);
//! assert!(matches!(step, Step::Decided(Decision::Allow(_))));
//!
//! request.path = b"/orders"; // No route: refused.
//! let Step::Decided(Decision::Deny(deny)) = engine.begin(&request, now) else { panic!() };
//! assert_eq!((deny.response().status, deny.rejection.code()), (403, "pol.norule"));
//! # Ok::<(), edgelatch_core::PolicyError>(())
//! ```

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))] // an overflow is a trap in some builds

extern crate alloc;
#[cfg(test)]
#[macro_use]
extern crate std;

mod algorithm;
mod base64;
mod bearer;
mod binding;
mod cache;
mod claims;
mod clock;
mod decision;
mod engine;
mod feed;
mod fetch;
mod grant;
mod identity;
mod issuer_keys;
mod json;
mod key;
mod keys;
mod percent;
mod policy;
mod rejection;
mod request;
mod signature;
pub mod software;
mod status;
mod time;
mod token;

pub use self::algorithm::Algorithm;
pub use self::bearer::BearerError;
pub use self::binding::BindingError;
pub use self::cache::CacheStatistics;
pub use self::claims::ClaimError;
pub use self::clock::ClockError;
pub use self::decision::{Allow, Decision, Deny, Facts, Response};
pub use self::engine::{Engine, Pending, Remembered, Step};
pub use self::feed::Freshness;
pub use self::fetch::{
    FeedContent, FeedId, FeedKind, FeedState, Fetch, FetchError, FetchOutcome, FetchResponse,
    Publication,
};
pub use self::grant::GrantError;
pub use self::key::{KeyError, KeyMaterial, VerifyingKey};
pub use self::keys::{KeySet, KeySetError, LoadedKeySet};
pub use self::policy::{
    FeedSource, Mode, Policy, PolicyError, PolicyErrorCode, RouteError, RouteName, Uri,
};
pub use self::rejection::{KeySelectionError, Rejection};
pub use self::request::Request;
pub use self::signature::{SignatureCheck, SignatureError, SignatureOutcome};
pub use self::status::{StatusError, StatusListError};
pub use self::time::Timestamp;
pub use self::token::TokenError;
