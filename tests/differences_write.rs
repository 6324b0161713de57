//! `edgelatch-differences`: writes `envoy/DIFFERENCES.md`.

use std::error::Error;
use std::fs;
use std::io::{self, Write};

use edgelatch_tests::differences::{DOCUMENT, compare, document};
use edgelatch_tests::lab;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let comparison = compare(folder.path())?;
    fs::write(lab::repository().join(DOCUMENT), document(&comparison)?)?;
    let (requests, differing) = (comparison.requests(), comparison.differing());
    writeln!(io::stdout(), "differences: {requests} requests, {differing} differ")?;
    Ok(())
}
