//! What the binary is made of.

use std::process::Command;

#[test]
fn signs_without_the_crate_rsa() {
    let cargo = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "edgelatch",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--offline",
        ])
        .output()
        .unwrap();
    let tree = String::from_utf8(cargo.stdout).unwrap();
    assert!(tree.starts_with("edgelatch v"), "{}", String::from_utf8_lossy(&cargo.stderr));
    // RUSTSEC-2023-0071: it signs in variable time, and no release mends that.
    assert!(!tree.lines().any(|line| line.starts_with("rsa v")), "{tree}");
}
