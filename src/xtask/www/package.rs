//! The npm package as it is published, in `dist/npm`.

use std::fs::{self, File};
use std::path::Path;

use flate2::read::GzDecoder;

use crate::Failure;
use crate::run::{run, say};
use crate::{npm, paths};

use super::stamp::Step;
use super::tools;

/// Compiles and packs the package, and installs it from the tarball where Worker, playground and tests look for it.
pub(crate) fn build() -> Result<(), Failure> {
    let (root, www) = (paths::root(), paths::www());
    let step = Step {
        name: "package",
        what: "compiling the npm package (tsc, npm pack)",
        inputs: &[
            www.join("package"),
            www.join("README.md"),
            www.join("tsconfig.json"),
            www.join("package-lock.json"),
            root.join("LICENSE"),
        ],
        settings: "",
        outputs: &[paths::tarball(), installed()],
    };
    step.run(|| {
        let fresh = paths::target().join("www/package");
        compile(&fresh)?;
        add_files(&fresh)?;
        replace(&fresh, &paths::package())?;
        pack()?;
        install()
    })
}

fn compile(package: &Path) -> Result<(), Failure> {
    remove(package)?;
    let mut compiler = tools::script("typescript/bin/tsc");
    compiler.arg("--project").arg(paths::www().join("package"));
    compiler.arg("--outDir").arg(package.join("dist"));
    run(compiler, "the TypeScript compiler")
}

/// What is published as it stands.
fn add_files(package: &Path) -> Result<(), Failure> {
    let (root, www) = (paths::root(), paths::www());
    copy(&root.join("LICENSE"), &package.join("LICENSE"))?;
    copy(&www.join("README.md"), &package.join("README.md"))?;
    copy(&www.join("package/package.json"), &package.join("package.json"))?;
    let wasm = www.join("package/wasm");
    for entry in fs::read_dir(&wasm).map_err(Failure::file("read", &wasm))? {
        let path = entry.map_err(Failure::file("read", &wasm))?.path();
        let name = path.file_name().unwrap_or_default();
        copy(&path, &package.join("dist/wasm").join(name))?;
    }
    Ok(())
}

fn pack() -> Result<(), Failure> {
    let mut pack = npm::npm()?;
    pack.current_dir(paths::package());
    pack.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(paths::npm());
    // It prints the name of the tarball.
    pack.stdout(std::process::Stdio::null());
    run(pack, "npm pack")?;
    let size = fs::metadata(paths::tarball()).map_err(Failure::file("read", &paths::tarball()))?;
    say(&format!("dist/npm/edgelatch-{VERSION}.tgz ({} KiB)", size.len() / 1024));
    Ok(())
}

/// What npm would do, without a registry.
fn install() -> Result<(), Failure> {
    let tarball = paths::tarball();
    let fresh = paths::target().join("www/unpacked");
    remove(&fresh)?;
    let file = File::open(&tarball).map_err(Failure::file("open", &tarball))?;
    tar::Archive::new(GzDecoder::new(file))
        .unpack(&fresh)
        .map_err(Failure::file("unpack", &tarball))?;
    // In a tarball of npm, everything is in this folder.
    replace(&fresh.join("package"), &installed())
}

fn installed() -> std::path::PathBuf {
    paths::www().join("node_modules/edgelatch")
}

/// Only a whole folder takes the place of the last one, and at once: somebody may be running it.
fn replace(fresh: &Path, place: &Path) -> Result<(), Failure> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).map_err(Failure::file("create", folder))?;
    remove(place)?;
    // A rename stays within a file system, and the target folder may be on another.
    fs::rename(fresh, place).or_else(|_| copy_folder(fresh, place))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from).map_err(Failure::file("read", from))? {
        let path = entry.map_err(Failure::file("read", from))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { copy_folder(&path, &target)? } else { copy(&path, &target)? }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(Failure::file("create", folder))?;
    fs::copy(from, to).map(drop).map_err(Failure::file("copy", from))
}

fn remove(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::file("remove", folder))?;
    }
    Ok(())
}

/// The version that all of the project has.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_has_the_version_of_the_project() {
        let path = paths::www().join("package/package.json");
        let package: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert_eq!(package["version"], VERSION);
    }
}
