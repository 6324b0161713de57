//! Where the client secret comes from.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use crate::failure::Failure;

const VARIABLE: &str = "EDGELATCH_CLIENT_SECRET";

/// The secret of the file, else of the environment.
pub(super) fn find(file: Option<&Path>) -> Result<Zeroizing<String>, Failure> {
    let text = match file {
        Some(file) => fs::read_to_string(file).map_err(|error| {
            Failure::Mistake(format!(
                "cannot read the client secret: {} ({error}); check --client-secret-file",
                file.display()
            ))
        })?,
        None => std::env::var(VARIABLE).map_err(|_| {
            Failure::Mistake(format!(
                "client secret is missing: environment {VARIABLE}; set it or name a file with \
                 --client-secret-file"
            ))
        })?,
    };
    let text = Zeroizing::new(text);
    Ok(Zeroizing::new(text.trim().to_owned()))
}
