//! The filter as an OCI image layout, read as a registry and a gateway would read it: nothing is believed but digests.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::Command;

use edgelatch_tests::lab;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[test]
fn every_descriptor_tells_the_size_and_digest_of_its_blob() {
    Image::read(&lab::image().unwrap()).unwrap();
    let blobs = fs::read_dir(lab::image().unwrap().join("blobs/sha256")).unwrap().count();
    assert_eq!(blobs, 3, "a blob that nothing refers to");
}

/// What `envoy/README.md` promises: the form that Istio and Envoy Gateway read, with one layer.
#[test]
fn the_manifest_is_of_the_variant_that_gateways_read() {
    let image = Image::read(&lab::image().unwrap()).unwrap();
    let media_types = [&image.manifest["config"], &image.manifest["layers"][0]];
    assert_eq!(image.manifest["mediaType"], "application/vnd.oci.image.manifest.v1+json");
    assert_eq!(
        media_types.map(|descriptor| descriptor["mediaType"].as_str().unwrap()),
        ["application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip"]
    );
    assert_eq!(image.manifest["layers"].as_array().unwrap().len(), 1);
    assert_eq!(image.manifest["annotations"]["module.wasm.image/variant"], "compat");
}

#[test]
fn the_layer_holds_the_filter_that_was_built_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layer");
    let image = Image::read(&lab::image().unwrap()).unwrap();
    fs::write(&file, &image.layer).unwrap();
    assert_eq!(tar(&["-tzf"], &file), b"plugin.wasm\n");
    let filter = fs::read(lab::filter().unwrap()).unwrap();
    assert!(tar(&["-xzOf"], &file) == filter, "pack again: `cargo xtask package`");

    let archive = tar_of_gzip(&file);
    let expected = json!([format!("sha256:{}", sha256(&archive))]);
    assert_eq!(image.config["rootfs"]["diff_ids"], expected, "the digest of the unpacked layer");
}

#[test]
fn a_damaged_blob_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.oci");
    let mut cp = Command::new("cp");
    cp.arg("-R").arg(lab::image().unwrap()).arg(&copy);
    lab::run(cp).unwrap();
    Image::read(&copy).unwrap();
    for blob in fs::read_dir(copy.join("blobs/sha256")).unwrap() {
        let path = blob.unwrap().path();
        let whole = fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        *damaged.last_mut().unwrap() ^= 1;
        fs::write(&path, damaged).unwrap();
        assert!(Image::read(&copy).is_err(), "{}", path.display());
        fs::write(&path, whole).unwrap();
    }
}

struct Image {
    manifest: Value,
    config: Value,
    layer: Vec<u8>,
}

impl Image {
    /// Follows the descriptors from the index to the layer.
    fn read(layout: &Path) -> Result<Self, String> {
        let marker = json(&file(layout, "oci-layout")?)?;
        if marker != json!({ "imageLayoutVersion": "1.0.0" }) {
            return Err(format!("oci-layout is {marker}"));
        }
        let index = json(&file(layout, "index.json")?)?;
        let [manifest] = index["manifests"].as_array().map_or(&[][..], Vec::as_slice) else {
            return Err(format!("not one image: {index}"));
        };
        let manifest = json(&blob(layout, manifest)?)?;
        let config = json(&blob(layout, &manifest["config"])?)?;
        let layer = blob(layout, &manifest["layers"][0])?;
        Ok(Self { manifest, config, layer })
    }
}

fn blob(layout: &Path, descriptor: &Value) -> Result<Vec<u8>, String> {
    let name = descriptor["digest"].as_str().and_then(|digest| digest.strip_prefix("sha256:"));
    let name = name.ok_or_else(|| format!("no digest in {descriptor}"))?;
    let bytes = file(layout, &format!("blobs/sha256/{name}"))?;
    let is_it = sha256(&bytes) == name && descriptor["size"] == bytes.len();
    if is_it { Ok(bytes) } else { Err(format!("{name} is not what {descriptor} says")) }
}

fn file(layout: &Path, name: &str) -> Result<Vec<u8>, String> {
    fs::read(layout.join(name)).map_err(|error| format!("{name}: {error}"))
}

fn json(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn sha256(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    Sha256::digest(bytes).iter().flat_map(digits).flatten().collect()
}

/// Another program than the one that packed it.
fn tar(arguments: &[&str], file: &Path) -> Vec<u8> {
    let mut tar = Command::new("tar");
    tar.args(arguments).arg(file);
    if arguments == ["-xzOf"] {
        tar.arg("plugin.wasm");
    }
    output(tar)
}

fn tar_of_gzip(file: &Path) -> Vec<u8> {
    let mut gzip = Command::new("gzip");
    gzip.arg("-dc").stdin(fs::File::open(file).unwrap());
    output(gzip)
}

fn output(mut command: Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
