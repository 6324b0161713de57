//! What is deployed as it stands: the gateway for Workers in `dist/worker`, the playground in `dist/playground`.

use std::path::PathBuf;

use crate::Failure;
use crate::paths;
use crate::run::{command, run};

use super::stamp::Step;
use super::tools;

/// Bundles both with the package of the last build.
pub(crate) fn build() -> Result<(), Failure> {
    worker()?;
    playground()
}

fn worker() -> Result<(), Failure> {
    let out = paths::dist().join("worker");
    let step = Step {
        name: "worker",
        what: "bundling the gateway into dist/worker (esbuild)",
        inputs: &inputs("worker"),
        settings: &format!("{WORKER:?}"),
        outputs: &[out.join("worker.js")],
    };
    step.run(|| {
        let mut esbuild = tools::script("esbuild/bin/esbuild");
        esbuild.arg(paths::www().join("worker/worker.ts")).args(WORKER);
        esbuild.arg(format!("--outdir={}", out.display()));
        run(esbuild, "esbuild")
    })
}

/// The page has a script of its own for this, which its tests use as well.
fn playground() -> Result<(), Failure> {
    let out = paths::dist().join("playground");
    let step = Step {
        name: "playground",
        what: "bundling the playground into dist/playground (esbuild)",
        inputs: &inputs("playground"),
        settings: "",
        outputs: &[out.join("index.html"), out.join("main.js")],
    };
    step.run(|| {
        let mut node = command("node");
        node.arg(paths::www().join("playground/build.mjs"));
        node.arg(paths::www().join("node_modules/edgelatch")).arg(&out);
        run(node, "the build of the playground")
    })
}

fn inputs(folder: &str) -> [PathBuf; 3] {
    let www = paths::www();
    [www.join(folder), www.join("package-lock.json"), paths::tarball()]
}

/// The module stays a file of its own: in a Worker nothing else can be compiled.
const WORKER: [&str; 9] = [
    "--bundle",
    "--format=esm",
    "--target=es2022",
    "--conditions=workerd,worker,browser",
    "--loader:.wasm=copy",
    "--asset-names=[name]",
    "--external:cloudflare:*",
    "--external:node:*",
    "--log-level=warning",
];
