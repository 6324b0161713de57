//! Project Wycheproof: signatures, keys and tokens that broke other libraries, natively, as WebAssembly, and through the
//! shipped filter in a real Envoy. Whoever refuses everything passes most of them; so the accepts are asserted, too.

#![cfg(test)]

#[path = "envoy_live/all_but.rs"]
mod all_but;
#[path = "wycheproof/cofactor.rs"]
mod cofactor;
#[path = "wycheproof/edge.rs"]
mod edge;
#[path = "wycheproof/exceptions.rs"]
mod exceptions;
#[path = "wycheproof/file.rs"]
mod file;
#[path = "wycheproof/hosts.rs"]
mod hosts;
#[path = "wycheproof/jose.rs"]
mod jose;
mod metered;
#[path = "wycheproof/policies.rs"]
mod policies;
#[path = "wycheproof/primitives.rs"]
mod primitives;
#[path = "wycheproof/signatures.rs"]
mod signatures;
#[path = "wycheproof/tokens.rs"]
mod tokens;
#[path = "wycheproof/vectors.rs"]
mod vectors;
#[path = "wycheproof/verifier.rs"]
mod verifier;
