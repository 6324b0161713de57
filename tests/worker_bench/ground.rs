//! What every measurement starts from.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use edgelatch_tests::lab::{self, repository};
use edgelatch_tests::minting::Keys;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::Failure;
use super::algorithm::Algorithm;
use super::settings::{KNOWN, Settings};
use super::tokens::{self, AUDIENCE, ISSUER, Tokens};

/// Keys, tokens, and a folder in which the scripts find the packages that they import.
pub(crate) struct Ground {
    pub(crate) key_set: Value,
    pub(crate) tokens: Tokens,
    folder: TempDir,
}

impl Ground {
    /// Mints all tokens and installs the scripts.
    pub(crate) fn prepare(settings: &Settings) -> Result<Self, Failure> {
        let keys = Keys::load()?;
        let folder = TempDir::with_prefix("edgelatch-bench-")?;
        install(folder.path())?;
        Ok(Self {
            key_set: tokens::key_set(&keys)?,
            tokens: Tokens::mint(settings.tokens()?, &keys)?,
            folder,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// One issuer, whose keys are at hand as they are for the others, and one route.
    pub(crate) fn policy(&self) -> Value {
        json!({
            "issuers": [{ "issuer": ISSUER, "audiences": [AUDIENCE], "jwks": self.key_set }],
            "routes": [{
                "name": "read-order",
                "methods": ["GET"],
                "path": "/orders/{id}",
                "scopes": { "all": ["orders:read"] },
            }],
        })
    }

    /// The tokens that come again and again.
    pub(crate) fn known(&self, algorithm: Algorithm) -> &[String] {
        let tokens = self.tokens.of(algorithm);
        tokens.get(..KNOWN).unwrap_or(tokens)
    }

    /// A sound token, and the same with another signature of the same form.
    pub(crate) fn proof(&self, algorithm: Algorithm) -> Result<(String, String), Failure> {
        let [sound, other, ..] = self.tokens.of(algorithm) else { return Err("no tokens".into()) };
        let signed = sound.rsplit_once('.').ok_or("a token without dots")?.0;
        let signature = other.rsplit_once('.').ok_or("a token without dots")?.1;
        Ok((sound.clone(), format!("{signed}.{signature}")))
    }
}

/// Which programs and packages were measured.
pub(crate) fn versions() -> Result<Map<String, Value>, Failure> {
    let mut versions = Map::new();
    for package in ["workerd", "jose", "fast-jwt"] {
        let manifest = modules().join(package).join("package.json");
        let manifest: Value = serde_json::from_slice(&fs::read(manifest)?)?;
        versions.insert(package.to_owned(), manifest.get("version").cloned().into());
    }
    let mut node = Command::new("node");
    node.arg("--version");
    versions.insert("node".to_owned(), json!(lab::run(node)?.trim()));
    Ok(versions)
}

/// Puts the scripts where they find what they import.
fn install(folder: &Path) -> Result<(), Failure> {
    let packages = folder.join("node_modules");
    fs::create_dir_all(&packages)?;
    symlink(lab::npm_package()?, packages.join("edgelatch"))?;
    for package in ["jose", "fast-jwt"] {
        symlink(modules().join(package), packages.join(package))?;
    }
    fs::write(folder.join("package.json"), r#"{ "private": true, "type": "module" }"#)?;
    for script in fs::read_dir(repository().join("tests/worker_bench"))? {
        let script = script?.path();
        if script.extension().is_some_and(|extension| extension == "js") {
            fs::copy(&script, folder.join(script.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}

/// Where the packages are that `www/package.json` names.
pub(crate) fn modules() -> PathBuf {
    repository().join("www/node_modules")
}
