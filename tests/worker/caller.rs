//! The token source on Workers, where a request must not wait for the promise of another one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::thread;

use edgelatch_tests::lab::{
    NEWEST, Shared, Upstream, Way, Workerd, WorkerdOptions, free_port, npm_package, repository, run,
};
use serde_json::json;

use super::ground::{Ground, send};

#[test]
fn requests_of_one_isolate_share_a_token_and_none_waits_for_the_promise_of_another() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (workerd, port) = caller(&ground, &upstream);
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                let response = send(port, "GET", "/orders/17", "");
                assert_eq!(response.status, 200, "{} {}", response.text(), workerd.log());
                assert!(response.text().contains("Bearer eyJ"), "{}", response.text());
            });
        }
    });
    assert_eq!(ground.front.count("/oauth2/token"), 1);
    assert_eq!(ground.front.count("/.well-known/oauth-authorization-server"), 1);
}

/// A Worker that asks the upstream with tokens of its own.
fn caller(ground: &Ground, upstream: &Upstream) -> (Workerd, u16) {
    let (bundle, port) = (ground.path("bundle"), free_port().unwrap());
    bundled(&bundle);
    let client = &ground.client;
    let options = WorkerdOptions {
        worker: &bundle,
        folder: &ground.path("caller"),
        policy: &json!(null),
        upstream: upstream.address,
        way: Way::Url,
        date: NEWEST,
        variables: &[
            ("ISSUER", &ground.url),
            ("CLIENT_ID", &client.client_id),
            ("CLIENT_SECRET", &client.client_secret),
        ],
        ports: &[port],
        shared: Shared::Cache,
    };
    (Workerd::start(&options).unwrap(), port)
}

/// As a program would be that has installed the package.
fn bundled(folder: &Path) {
    let modules = folder.join("node_modules");
    fs::create_dir_all(&modules).unwrap();
    symlink(npm_package().unwrap(), modules.join("edgelatch")).unwrap();
    fs::copy(repository().join("tests/worker/caller.js"), folder.join("caller.js")).unwrap();
    let mut esbuild = Command::new("node");
    esbuild.current_dir(folder).arg(repository().join("www/node_modules/esbuild/bin/esbuild"));
    esbuild.args(["caller.js", "--outfile=worker.js", "--bundle", "--format=esm"]);
    esbuild.args(["--conditions=workerd", "--log-level=warning"]);
    esbuild.args(["--loader:.wasm=copy", "--asset-names=[name]"]);
    run(esbuild).unwrap();
}
