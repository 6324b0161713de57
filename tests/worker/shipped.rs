//! `wrangler.jsonc` and `policy.json` as they are shipped, bundled the way `wrangler` does it.

use std::env;
use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use edgelatch_tests::lab::{
    Process, free_port, npm_package, program, repository, run, workerd_program,
};

use super::ground::send;

#[test]
fn the_shipped_configuration_runs_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let worker = folder.path().join("worker");
    installed(&worker);
    let port = free_port().unwrap();
    let mut workerd = Command::new(workerd_program().unwrap());
    workerd.current_dir(&worker).args(["serve", "--experimental", "wrangler.jsonc"]);
    workerd.arg(format!("--socket-addr=http=127.0.0.1:{port}"));
    let tools = repository().join("www/node_modules/.bin");
    let paths = env::var_os("PATH").unwrap_or_default();
    let paths = env::join_paths([tools].into_iter().chain(env::split_paths(&paths))).unwrap();
    workerd.env("PATH", paths);
    let mut process = Process::start(workerd, &folder.path().join("workerd.log")).unwrap();
    process.wait_until(|| TcpStream::connect(("127.0.0.1", port)).ok()).unwrap();

    let metadata = send(port, "GET", "/.well-known/oauth-protected-resource", "").json().unwrap();
    assert_eq!(metadata["resource"], "https://api.example.com");
    assert_eq!(metadata["authorization_servers"][0], "https://issuer.example.com");
    let refused = send(port, "GET", "/orders/17", "");
    assert_eq!(refused.status, 401, "{}", process.output());
    assert_eq!(send(port, "GET", "/elsewhere", "").status, 403);
}

#[test]
fn the_shipped_policy_is_one_that_every_edge_understands() {
    let mut check = Command::new(program().unwrap());
    check.args(["policy", "check"]).arg(repository().join("www/worker/policy.json"));
    run(check).unwrap();
}

/// The bundler does not look at types.
#[test]
fn the_gateway_is_well_typed() {
    let www = repository().join("www");
    let mut compiler = Command::new("node");
    compiler.arg(www.join("node_modules/typescript/bin/tsc"));
    compiler.arg("--project").arg(www.join("worker"));
    run(compiler).unwrap();
}

/// The folder as somebody has it who installed the package beside it.
fn installed(worker: &Path) {
    let (from, modules) = (repository().join("www/worker"), worker.join("node_modules"));
    fs::create_dir_all(&modules).unwrap();
    symlink(npm_package().unwrap(), modules.join("edgelatch")).unwrap();
    for entry in fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, worker.join(path.file_name().unwrap())).unwrap();
        }
    }
    let tsconfig = repository().join("www/tsconfig.json");
    fs::copy(tsconfig, worker.join("../tsconfig.json")).unwrap();
    // This runtime knows all of the file but how Cloudflare keeps logs.
    let config = worker.join("wrangler.jsonc");
    let text = fs::read_to_string(&config).unwrap();
    let known = text.lines().filter(|line| !line.contains(r#""observability""#));
    fs::write(&config, known.collect::<Vec<_>>().join("\n")).unwrap();
}
