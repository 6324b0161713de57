//! The authorization server of Edgelatch as a library: it gives a program a short-lived signed
//! token for its client id and secret (OAuth 2.0 client credentials, RFC 6749 s4.4).
//!
//! ```text
//!              +--------------------------- serve ---------------------------+
//!  POST        | server -> http: form -> credentials -> authenticate -> grant|   200 + token
//!  /oauth2/ -> |  limits                                   |              |  | -> or a refusal
//!  token       |  TLS                                  [snapshot]       token|
//!              |                                           ^              |  |   one line each,
//!              |                          watch, every 25 ms            audit| -> before the reply
//!              +-------------------------------------------|-----------------+
//!                                                          |
//!  edgelatch client add ... -> administration -> store (SQLite) <- master key (file, environment)
//! ```
//!
//! No request for a token touches the database: it is answered from a snapshot that is swapped whole. The
//! database holds hashes of secrets and sealed keys; without the master key it opens nothing.

mod administration;
mod audit;
mod authenticate;
mod clock;
mod config;
mod data_folder;
mod error;
mod freshness;
mod grant;
mod http;
mod issuer;
mod master_key;
mod metrics;
mod own_token;
mod private_file;
mod random;
mod report;
mod revocation;
mod secret;
mod serve;
mod server;
mod signing;
mod snapshot;
mod status;
mod store;
mod token;

pub use self::administration::{
    Administration, MAX_TOKEN_LIFETIME, RegistrationError, RightsChange,
};
pub use self::clock::{now, rfc3339};
pub use self::config::{
    Config, ConfigError, Environment, IssuerUrl, IssuerUrlError, TlsFiles, YamlError, yaml_to_json,
};
pub use self::data_folder::{Created, DataFolder, NewIssuer, TlsPaths, create};
pub use self::error::Error;
pub use self::master_key::{MASTER_KEY_VARIABLE, MasterKeyError};
pub use self::random::RandomError;
pub use self::secret::ClientSecret;
pub use self::serve::Server;
pub use self::server::ServerError;
pub use self::signing::{SigningAlgorithm, SigningError};
pub use self::snapshot::UnusableKey;
pub use self::store::{
    Client, ClientChange, KeyRecord, KeyState, NewClient, Right, StoreError, StoredSecret,
};
