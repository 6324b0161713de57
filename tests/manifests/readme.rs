//! `envoy/README.md` is true: its commands run, its statistics settings do what it says, and it names what there is.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use edgelatch_tests::lab::{self, Envoy, EnvoyOptions, Shipped, Upstream, blocks, http};
use serde_json::Value;

use crate::gateway::loopback;
use crate::schema;

#[test]
fn every_command_runs() {
    let scripts = blocks(&readme(), &["sh", "bash", "shell", "console"]);
    assert!(scripts.len() >= 3, "{scripts:?}");
    for script in scripts {
        run(&script);
    }
}

#[test]
fn the_statistics_settings_make_labels_of_reason_and_outcome() {
    let settings = blocks(&readme(), &["yaml"]);
    let settings = settings.iter().find(|text| text.starts_with("stats_config:")).unwrap();
    let ports = Shipped::on_free_ports().unwrap();
    let config = ports.config().unwrap();
    assert!(config.contains(settings.trim()), "envoy.yaml has other settings");
    let folder = tempfile::tempdir().unwrap();
    let envoy = Envoy::start(&EnvoyOptions {
        config,
        clock: None,
        concurrency: 1,
        log: folder.path().join("envoy.log"),
    })
    .unwrap();
    assert_eq!(http::get(loopback(ports.api), "/orders/1").unwrap().status, 401);
    assert_eq!(http::get(loopback(ports.api), "/nowhere").unwrap().status, 403);
    for reason in ["hdr.missing", "pol.norule"] {
        let labels = format!(
            r#"edgelatch_issuer="none",edgelatch_outcome="denied",edgelatch_reason="{reason}""#
        );
        let line = format!("edgelatch_requests{{{labels}}} 1");
        // Workers hand their numbers over once a second.
        let is_there = || {
            let numbers = envoy.ask("/stats/prometheus").unwrap();
            let found = numbers.lines().any(|have| have == line);
            if !found {
                thread::sleep(Duration::from_millis(100));
            }
            found
        };
        assert!((0..600).any(|_| is_there()), "{line}");
    }
}

#[test]
fn it_names_the_filter_states_of_the_access_log() {
    let config = fs::read_to_string(lab::repository().join("envoy/envoy.yaml")).unwrap();
    let logged = config.split("%FILTER_STATE(").skip(1).filter_map(|rest| rest.split(':').next());
    let logged: BTreeSet<_> = logged.collect();
    let readme = readme();
    let named: BTreeSet<_> = readme.split('`').skip(1).step_by(2).collect();
    assert!(!logged.is_empty());
    assert!(logged.is_subset(&named), "{logged:?}");
}

fn readme() -> String {
    fs::read_to_string(lab::repository().join("envoy/README.md")).unwrap()
}

/// Runs a script in a folder that looks like the root after a build, on ports that are free.
fn run(script: &str) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let ports = Shipped::on_free_ports().unwrap();
    furnish(root, ports);
    let _upstream = Upstream::start_on(ports.upstream).unwrap();
    // What it leaves in the background has to end with it.
    let script = format!("trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n{script}");
    let mut shell = Command::new("timeout");
    shell.args(["600", "bash", "-euo", "pipefail", "-c", &ports.place(&script)]).current_dir(root);
    let path = std::env::var("PATH").unwrap();
    shell.env("PATH", format!("{}:{path}", root.join("bin").display()));
    let output = lab::run(shell);
    let logs = || ["api.log", "egress.log"].map(|log| read_if_there(&root.join(log))).concat();
    output.unwrap_or_else(|error| panic!("{script}\n{error}\n{}", logs()));
    check_manifests(root);
}

fn furnish(root: &Path, ports: Shipped) {
    for name in ["dist", "bin", "envoy"] {
        fs::create_dir(root.join(name)).unwrap();
    }
    symlink(lab::program().unwrap(), root.join("dist/edgelatch")).unwrap();
    symlink(lab::filter().unwrap(), root.join("dist/edgelatch-envoy.wasm")).unwrap();
    symlink(lab::image().unwrap(), root.join("dist/edgelatch-envoy.oci")).unwrap();
    symlink(lab::envoy_program().unwrap(), root.join("bin/envoy")).unwrap();
    for name in ["envoy.yaml", "egress.yaml", "istio.yaml", "envoy-gateway.yaml"] {
        let text = fs::read_to_string(lab::repository().join("envoy").join(name)).unwrap();
        fs::write(root.join("envoy").join(name), ports.place(&text)).unwrap();
    }
}

/// The manifests that a script has filled in are still good, and name the image that was built.
fn check_manifests(root: &Path) {
    let index = fs::read(root.join("dist/edgelatch-envoy.oci/index.json")).unwrap();
    let index: Value = serde_json::from_slice(&index).unwrap();
    let digest = index["manifests"][0]["digest"].as_str().unwrap().replace("sha256:", "");
    for name in ["istio.yaml", "envoy-gateway.yaml"] {
        let text = read_if_there(&root.join(name));
        if text.is_empty() {
            continue;
        }
        assert_eq!(text.matches(&digest).count(), 1, "{name}");
        let resources: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
        for resource in resources {
            schema::check(&resource).unwrap();
        }
    }
}

fn read_if_there(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_default()
}
