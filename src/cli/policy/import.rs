//! `edgelatch policy import`: from what a gateway has now to a policy.

mod document;
mod emit;
mod envoy;
mod flatten;
mod forwarding;
mod gateway;
mod imported;
mod issuers;
mod istio;
mod keys;
mod notes;
mod outcome;
mod path;
mod provider;
mod rules;
mod source;
mod tokens;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use edgelatch_core::Policy;
use serde_json::Value;

use self::document::Format;
use self::notes::Notes;
use self::source::Source;
use crate::failure::Failure;
use crate::output;

/// Make a policy out of a configuration of Envoy, Istio or Envoy Gateway
///
/// Prints the policy as JSON on standard output, and on standard error one line for each thing that
/// works in another way (changed), refuses more (tighter), or has no counterpart (lost), with its place
/// in the source. If anything is lost, nothing is printed and the exit code is 2; with --lossy the
/// requests in question are refused instead. Nothing is ever let in that the source keeps out.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// YAML or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the source is [default: by what is in it]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Audience for issuers that the source accepts with any; repeat for more
    #[arg(long = "audience", value_name = "URI")]
    audiences: Vec<String>,
    /// Refuse what has no counterpart, instead of stopping
    #[arg(long)]
    lossy: bool,
}

/// What the source leaves open.
struct Defaults<'a> {
    audiences: &'a [String],
    /// Where file names in the source begin.
    folder: &'a Path,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let name = arguments.file.display();
    let text = read(&arguments.file)?;
    let folder = arguments.file.parent().unwrap_or_else(|| Path::new(""));
    let defaults = Defaults { audiences: &arguments.audiences, folder };
    let mut notes = Notes::default();
    let policy = convert(&text, arguments.format, &defaults, &mut notes)
        .map_err(|problem| Failure::Mistake(format!("cannot import {name}: {problem}")))?;
    for note in notes.iter() {
        writeln!(io::stderr(), "{note}")?;
    }
    let lost = notes.count_lost();
    if lost > 0 && !arguments.lossy {
        return Err(Failure::Mistake(format!(
            "cannot import {name}: {lost} lost, see above; mend the source, or refuse them with --lossy"
        )));
    }
    let text = serde_json::to_string_pretty(&policy).unwrap_or_default() + "\n";
    output::vital(&text).map_err(|error| Failure::output(&error))
}

fn read(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let outcome = if file == Path::new("-") {
        io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        fs::read_to_string(file).map(|read| text = read)
    };
    let problem =
        |error| format!("cannot read {} ({error}); check the path and its mode", file.display());
    outcome.map_err(|error| Failure::Mistake(problem(error)))?;
    Ok(text)
}

fn convert(
    text: &str,
    format: Option<Format>,
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Result<Value, String> {
    let documents = document::read(text)?;
    let format = format.map_or_else(|| document::detect(&documents), Ok)?;
    let sources: Vec<_> = documents
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let place =
                if documents.len() == 1 { String::new() } else { format!("document[{index}]") };
            Source::new(value, place)
        })
        .collect();
    let imported = match format {
        Format::Envoy => match sources.as_slice() {
            [document] => envoy::import(document, defaults, notes)?,
            _ => return Err("more than one document; a configuration of Envoy is one".to_owned()),
        },
        Format::Istio => istio::import(&sources, defaults, notes)?,
        Format::EnvoyGateway => gateway::import(&sources, defaults, notes)?,
    };
    let entries = issuers::entries(&imported.providers);
    if entries.is_empty() {
        return Err(nothing_left(notes));
    }
    let routes = flatten::flatten(&imported.layers, notes);
    let policy = emit::policy(&entries, &routes);
    // An edge has the last word.
    Policy::from_json(policy.to_string().as_bytes())
        .map_err(|error| format!("no policy can say this: {error}; write it by hand"))?;
    Ok(policy)
}

fn nothing_left(notes: &Notes) -> String {
    let reasons: Vec<_> =
        notes.iter().map(ToString::to_string).filter(|n| n.starts_with("lost")).collect();
    format!("no issuer is left ({}); mend that first", reasons.join("; "))
}
