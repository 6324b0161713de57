//! The systematic part: every claim with every type, every algorithm over every key, times around each limit,
//! junk at every seam of the header line and of the token.

mod algorithms;
mod claims;
mod lines;
mod segments;
mod times;

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};

use super::requests::Hostile;
use crate::corpus::CorpusError;
use crate::lab::http;
use crate::minting::{Keys, Text, Token};

/// One request, before its token is made.
struct Member {
    family: &'static str,
    words: String,
    token: Value,
    /// The header lines, with `$token`.
    lines: Vec<(&'static str, Text)>,
}

impl Member {
    /// A token that is not quite valid, as bearer token.
    fn token(family: &'static str, words: impl Into<String>, token: Value) -> Self {
        let usual = ("authorization", Text::Plain("Bearer $token".to_owned()));
        Self { family, words: words.into(), token, lines: vec![usual] }
    }

    /// The valid token in other header lines.
    fn lines(
        family: &'static str,
        words: impl Into<String>,
        lines: &[(&'static str, &str)],
    ) -> Self {
        let lines = lines.iter().map(|(name, value)| (*name, Text::Plain((*value).to_owned())));
        Self { family, words: words.into(), token: json!({}), lines: lines.collect() }
    }

    fn request(&self, policy: &str, keys: &Keys) -> Result<Hostile, CorpusError> {
        let token: Token = serde_json::from_value(self.token.clone()).map_err(CorpusError::new)?;
        let token = token.mint(keys).map_err(CorpusError::new)?;
        let mut lines = Vec::new();
        for (name, value) in &self.lines {
            let value = value.expand(&[("token", &token)]).map_err(CorpusError::new)?;
            lines.push((*name, value));
        }
        let lines: Vec<(&str, &[u8])> =
            lines.iter().map(|(name, value)| (*name, value.as_slice())).collect();
        Ok(Hostile {
            family: self.family.to_owned(),
            words: self.words.clone(),
            policy: policy.to_owned(),
            source: IpAddr::V4(Ipv4Addr::LOCALHOST),
            wire: http::request("GET", "/orders/7", "api.example.com", &lines),
        })
    }
}

/// All of them, under the policy called so.
pub(super) fn all(policy: &str, keys: &Keys) -> Result<Vec<Hostile>, CorpusError> {
    let members = [
        algorithms::members(),
        claims::members(),
        lines::members(),
        segments::members(),
        times::members(),
    ];
    let request =
        |member: &Member| member.request(policy, keys).map_err(|error| error.at(&member.words));
    members.iter().flatten().map(request).collect()
}
