//! `edgelatch token`: the smallest honest client of an issuer.

mod discovery;
mod http;
mod request;
mod secret;

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::folder::issuer_url;
use crate::output;

/// Ask an issuer for a token and print it, and nothing else, on standard output
///
/// The client secret comes from --client-secret-file or from the environment variable
/// `EDGELATCH_CLIENT_SECRET`; an option would show in the process list.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Name of the issuer; its metadata tell the rest
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// What the client is called on the wire
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// A scope to ask for; repeat for more [default: all that the client has]
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// An API to ask for; repeat for more [default: the only one that the client has]
    #[arg(long = "resource", value_name = "URI")]
    resources: Vec<String>,
    /// File with the client secret
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// Trust the certificates in this PEM file instead of the public authorities
    #[arg(long, value_name = "FILE")]
    ca_certificate: Option<PathBuf>,
    /// Print the whole answer as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let issuer = issuer_url(&arguments.issuer)?;
    let secret = secret::find(arguments.client_secret_file.as_deref())?;
    let agent = http::agent(arguments.ca_certificate.as_deref())?;
    let endpoint = discovery::token_endpoint(&agent, &issuer)?;
    let wanted = request::Wanted {
        client_id: &arguments.client_id,
        secret: &secret,
        scopes: &arguments.scopes,
        resources: &arguments.resources,
    };
    let answer = request::send(&agent, &endpoint, &wanted)?;
    if arguments.json {
        return output::json(&answer);
    }
    let token = answer.get("access_token").and_then(|token| token.as_str());
    let missing = || Failure::Refused(format!("answer without a token: {endpoint}; is it OAuth?"));
    output::line(token.ok_or_else(missing)?)
}
