//! `edgelatch policy explain`: what would become of a request, and why.

mod reason;
mod report;
mod stage;

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

use self::stage::Question;
use super::document::load;
use crate::failure::Failure;
use crate::output;

/// Say which route a request matches, what would be decided and why
///
/// Without --client-id, --scope, --audience and --issuer the request carries no token. With any of
/// them it carries a valid one; what is left out is taken from the first issuer of the policy.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Policy document, YAML or JSON
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Method of the request
    #[arg(long)]
    method: String,
    /// Path of the request, with query if there is one
    #[arg(long)]
    path: String,
    /// Host of the request
    #[arg(long, default_value = "localhost")]
    host: String,
    /// Address that the request comes from
    #[arg(long, value_name = "IP")]
    source: Option<IpAddr>,
    /// Client of the token [default: client]
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Scope of the token; repeat for more [default: none]
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Audience of the token; repeat for more [default: the first of the issuer]
    #[arg(long = "audience", value_name = "URI")]
    audiences: Vec<String>,
    /// Issuer of the token [default: the first of the policy]
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn question(&self) -> Question<'_> {
        Question {
            method: &self.method,
            path: &self.path,
            host: &self.host,
            source: self.source,
            client_id: self.client_id.as_deref(),
            scopes: &self.scopes,
            audiences: &self.audiences,
            issuer: self.issuer.as_deref(),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let loaded = load(&arguments.file).map_err(Failure::Mistake)?;
    let staged = stage::decide(loaded.document, &arguments.question()).map_err(Failure::Mistake)?;
    if arguments.json {
        return output::json(&report::json(&staged));
    }
    report::lines(&staged).iter().try_for_each(|line| output::line(line))
}
