//! Project Wycheproof: signatures, keys and tokens that broke other libraries, natively, as WebAssembly, through the
//! shipped filter in a real Envoy, and by the WebCrypto of every JavaScript runtime. Whoever refuses everything passes most of them; so the accepts are asserted, too.

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
#[path = "runtimes/installed.rs"]
mod installed;
#[path = "wycheproof/jose.rs"]
mod jose;
mod metered;
#[path = "wycheproof/policies.rs"]
mod policies;
#[path = "wycheproof/primitives.rs"]
mod primitives;
#[path = "runtimes/programs.rs"]
mod programs;
#[path = "runtimes/runtime.rs"]
mod runtime;
#[path = "wycheproof/signatures.rs"]
mod signatures;
#[path = "wycheproof/tokens.rs"]
mod tokens;
#[path = "wycheproof/vectors.rs"]
mod vectors;
#[path = "wycheproof/verifier.rs"]
mod verifier;
#[path = "wycheproof/webcrypto.rs"]
mod webcrypto;
#[path = "runtimes/workerd.rs"]
mod workerd;
