//! `issuer.yaml`: the few facts an issuer cannot know by itself.

mod error;
mod issuer_url;
mod yaml;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use self::error::ConfigError;
pub use self::issuer_url::{IssuerUrl, IssuerUrlError};
pub use self::yaml::{YamlError, yaml_to_json};

/// Configuration of one issuer. Unknown fields are errors: a misspelt `tls` must not mean "none".
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The issuer identifier, exactly as it appears in every token.
    pub issuer: IssuerUrl,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate and key; needed unless `listen` is a loopback address.
    #[serde(default)]
    pub tls: Option<TlsFiles>,
    /// The file of the master key, relative to the data folder.
    #[serde(default = "default_master_key_file")]
    pub master_key_file: PathBuf,
    /// The word in client secrets that tells environments apart.
    #[serde(default)]
    pub environment: Environment,
    /// Connections served at once; more wait in the queue of the operating system.
    #[serde(default = "default_max_connections")]
    pub max_connections: u16,
    /// Where `GET /metrics` answers, in clear text; nowhere if absent.
    #[serde(default)]
    pub metrics_listen: Option<SocketAddr>,
}

/// Files in PEM format, relative to the data folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The certificate, followed by its chain.
    pub certificate: PathBuf,
    /// The private key of the certificate.
    pub key: PathBuf,
}

/// A short word such as `live` or `staging`, part of every client secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Environment(String);

impl Environment {
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self("live".to_owned())
    }
}

impl TryFrom<String> for Environment {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if (1..=12).contains(&word.len()) && word.bytes().all(plain) {
            return Ok(Self(word));
        }
        Err("an environment is 1 to 12 lower-case letters and digits, such as staging")
    }
}

impl Config {
    /// Reads and checks the configuration file.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ConfigError::Missing(file.to_owned()),
            _ => ConfigError::Unreadable(file.to_owned(), error),
        })?;
        let config = Self::parse(&text, file)?;
        config.check_scheme(file)?;
        Ok(config)
    }

    /// Reads configuration text; `file` only names the place in errors.
    pub(crate) fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let value = yaml_to_json(text)
            .map_err(|error| ConfigError::Syntax(file.to_owned(), error.to_string()))?;
        serde_path_to_error::deserialize(value).map_err(|error| ConfigError::Field {
            file: file.to_owned(),
            field: error.path().to_string(),
            problem: error.inner().to_string(),
        })
    }

    /// Tokens and secrets must not cross a network in clear.
    /// `place` is where the address comes from.
    pub(crate) fn check_listen(&self, address: SocketAddr, place: &str) -> Result<(), ConfigError> {
        if self.tls.is_some() || address.ip().is_loopback() {
            return Ok(());
        }
        Err(ConfigError::PlainHttp { place: place.to_owned(), address })
    }

    /// Callers of an `http` issuer would speak plain HTTP to a port that expects TLS.
    pub(crate) fn check_scheme(&self, file: &Path) -> Result<(), ConfigError> {
        if self.tls.is_none() || self.issuer.is_https() {
            return Ok(());
        }
        Err(ConfigError::Field {
            file: file.to_owned(),
            field: "issuer".to_owned(),
            problem: "begins with http:// although tls is set".to_owned(),
        })
    }
}

fn default_master_key_file() -> PathBuf {
    "master.key".into()
}

fn default_max_connections() -> u16 {
    4096
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "issuer: https://issuer.example\nlisten: 127.0.0.1:8470\n";

    fn check(text: &str, expected: &str) {
        let outcome = Config::parse(text, Path::new("issuer.yaml")).and_then(|config| {
            config.check_listen(config.listen, "issuer.yaml: listen")?;
            config.check_scheme(Path::new("issuer.yaml"))
        });
        let message = outcome.map_or_else(|error| error.to_string(), |()| "accepted".to_owned());
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn accepts_the_smallest_configuration() {
        check(GOOD, "accepted");
    }

    #[test]
    fn names_an_unknown_field() {
        check(&format!("{GOOD}tsl: {{}}\n"), "unknown field `tsl`, expected one of");
        check(&format!("{GOOD}tls: {{certificate: a, key: b, keys: c}}\n"), "tls.keys");
    }

    #[test]
    fn refuses_a_repeated_field() {
        check(&format!("{GOOD}issuer: https://other.example\n"), "issuer.yaml");
    }

    #[test]
    fn refuses_plain_http_beyond_loopback() {
        check("issuer: https://issuer.example\nlisten: 0.0.0.0:80\n", "only on a loopback address");
    }

    #[test]
    fn refuses_tls_for_an_issuer_that_callers_reach_by_http() {
        let tls = "tls: { certificate: a, key: b }\n";
        check(&format!("issuer: http://127.0.0.1:1\nlisten: 127.0.0.1:1\n{tls}"), "issuer: ");
        check(&format!("{GOOD}{tls}"), "accepted");
    }

    #[test]
    fn names_the_field_of_a_wrong_issuer() {
        check("issuer: http://issuer.example\nlisten: 127.0.0.1:1\n", "issuer: ");
    }

    #[test]
    fn refuses_an_environment_that_would_break_the_form_of_secrets() {
        check(&format!("{GOOD}environment: a_b\n"), "environment: ");
    }
}
