//! The core as a WebAssembly module that JavaScript calls, in `www/package/wasm`.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding as _};

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::{cargo, run};
use crate::{binaryen, paths, shrink, targets};

use super::stamp::{Step, write};

/// Builds the module, the JavaScript that calls it, and the module as text.
pub(crate) fn build(network: Network) -> Result<(), Failure> {
    targets::ensure(targets::JAVASCRIPT)?;
    let package = ["--package", "edgelatch-www", "--profile", "www", "--target"];
    artifacts::build_one(&[&package[..], &[targets::JAVASCRIPT]].concat(), network)?;
    let built = paths::target().join(targets::JAVASCRIPT).join("www/edgelatch_www.wasm");
    let folder = paths::www().join("package/wasm");
    let step = Step {
        name: "module",
        what: "writing the JavaScript for the core (wasm-bindgen, wasm-opt)",
        inputs: &[built.clone(), paths::root().join("src/xtask/bindgen")],
        settings: &format!("{OPTIMISE:?} {:?} {TYPES}", shrink::FEATURES),
        outputs: &OUTPUTS.map(|name| folder.join(name)),
    };
    step.run(|| write_all(&built, &folder, network))
}

fn write_all(built: &Path, folder: &Path, network: Network) -> Result<(), Failure> {
    let raw = paths::target().join("www/bindgen");
    let mut bindgen = cargo(&["run", "--locked", "--quiet", "--package", "edgelatch-bindgen"]);
    if network == Network::Offline {
        bindgen.arg("--offline");
    }
    bindgen.arg("--").arg(built).arg(&raw).arg("core");
    run(bindgen, "wasm-bindgen")?;

    fs::create_dir_all(folder).map_err(Failure::file("create", folder))?;
    for name in ["core.js", "core.d.ts"] {
        fs::copy(raw.join(name), folder.join(name)).map_err(Failure::file("copy", &raw))?;
    }
    let module = folder.join("core_bg.wasm");
    optimise(&raw.join("core_bg.wasm"), &module, network)?;
    write(&folder.join("core_bg.wasm.d.ts"), TYPES)?;
    write_as_text(&module, folder)
}

/// Writes a quicker copy of the module at `from` to `to`.
pub(crate) fn optimise(from: &Path, to: &Path, network: Network) -> Result<(), Failure> {
    let mut optimise = binaryen::tool("wasm-opt", network)?;
    optimise.args(OPTIMISE).args(shrink::FEATURES).arg(from).arg("--output").arg(to);
    run(optimise, "wasm-opt")
}

/// For the runtimes that cannot import a module: Deno lets nobody read a file without being asked, and a bundle for
/// Node.js would lose one.
fn write_as_text(module: &Path, folder: &Path) -> Result<(), Failure> {
    let bytes = fs::read(module).map_err(Failure::file("read", module))?;
    let text = format!("export const base64 = \"{}\";\n", Base64::encode_string(&bytes));
    write(&folder.join("inline-bytes.js"), &text)?;
    write(&folder.join("inline-bytes.d.ts"), "export declare const base64: string;\n")
}

const OUTPUTS: [&str; 6] = [
    "core.js",
    "core.d.ts",
    "core_bg.wasm",
    "core_bg.wasm.d.ts",
    "inline-bytes.js",
    "inline-bytes.d.ts",
];
/// Speed before size: what a Worker starts with is small enough.
const OPTIMISE: [&str; 3] = ["-O3", "--strip-debug", "--strip-producers"];
/// What an import of the file is in a Worker and in bundlers.
const TYPES: &str = "declare const module: WebAssembly.Module;\nexport default module;\n";
