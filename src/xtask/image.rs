//! `dist/edgelatch-envoy.oci`: the filter as an OCI image, which Istio and Envoy Gateway pull from a registry.
//!
//! The form is the variant "compat" of the Wasm image specification (solo-io/wasm, `spec/spec-compat.md`): an ordinary
//! image whose one layer holds `plugin.wasm`. Every registry and every tool takes it, unlike the one with media types of
//! its own. Equal filters give equal bytes: the digest goes into manifests, and must not depend on who packs or when.

mod blob;
mod layer;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Value, json};

use crate::Failure;
use crate::paths;
use crate::run::say;
use blob::Blob;

/// Packs `dist/edgelatch-envoy.wasm`.
pub(crate) fn pack() -> Result<(), Failure> {
    let filter = paths::filter();
    let module = fs::read(&filter).map_err(Failure::file("read", &filter))?;
    let image = Image::of(&module).map_err(Failure::file("pack", &filter))?;
    image.write(&paths::image())?;
    let version = env!("CARGO_PKG_VERSION");
    say(&format!("dist/edgelatch-envoy.oci (edgelatch-envoy:{version}, for a registry)"));
    say(&format!("  image  sha256:{}", image.manifest.digest()));
    say(&format!("  module sha256:{}", blob::sha256(&module)));
    Ok(())
}

/// An image in memory.
struct Image {
    layer: Blob,
    config: Blob,
    manifest: Blob,
}

impl Image {
    fn of(module: &[u8]) -> std::io::Result<Self> {
        let archive = layer::archive(module)?;
        let config = config(&blob::sha256(&archive));
        let layer = Blob { media_type: LAYER, bytes: layer::compress(&archive)? };
        let config = Blob::json(CONFIG, &config);
        let manifest = Blob::json(MANIFEST, &manifest(&config, &layer));
        Ok(Self { layer, config, manifest })
    }

    /// Writes the layout beside the old one, and then puts it in its place.
    fn write(&self, place: &Path) -> Result<(), Failure> {
        let fresh = place.with_extension("oci.new");
        remove(&fresh)?;
        let blobs = fresh.join("blobs/sha256");
        fs::create_dir_all(&blobs).map_err(Failure::file("create", &blobs))?;
        for blob in [&self.layer, &self.config, &self.manifest] {
            write(&blobs.join(blob.digest()), &blob.bytes)?;
        }
        write(&fresh.join("oci-layout"), LAYOUT.as_bytes())?;
        write(&fresh.join("index.json"), index(&self.manifest).to_string().as_bytes())?;
        remove(place)?;
        fs::rename(&fresh, place).map_err(Failure::file("replace", place))
    }
}

/// What the layer is, for tools that want to know; those that load a filter look at the layer only.
fn config(diff_id: &str) -> Value {
    json!({
        // Go's names, as the image specification asks for.
        "architecture": "wasm",
        "os": "wasip1",
        "config": {},
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{diff_id}")] },
    })
}

fn manifest(config: &Blob, layer: &Blob) -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.descriptor(),
        "layers": [layer.descriptor()],
        "annotations": {
            // Without it the layer is an image like any other.
            "module.wasm.image/variant": "compat",
            "org.opencontainers.image.licenses": "Apache-2.0",
            "org.opencontainers.image.title": "edgelatch-envoy",
            "org.opencontainers.image.version": env!("CARGO_PKG_VERSION"),
        },
    })
}

/// The list of images, and the tag under which tools find ours: `oci:dist/edgelatch-envoy.oci:0.1.0`.
fn index(manifest: &Blob) -> Value {
    let mut descriptor = manifest.descriptor();
    if let Some(members) = descriptor.as_object_mut() {
        let tag = json!({ "org.opencontainers.image.ref.name": env!("CARGO_PKG_VERSION") });
        members.insert("annotations".to_owned(), tag);
    }
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor] })
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(file, bytes).map_err(Failure::file("write", file))
}

/// Removes a folder, if there is one.
fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::file("remove", folder)(error))
        }
        _ => Ok(()),
    }
}

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const LAYOUT: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_filters_give_equal_images() {
        let digest = |module| Image::of(module).unwrap().manifest.digest();
        assert_eq!(digest(b"\0asm one"), digest(b"\0asm one"));
        assert_ne!(digest(b"\0asm one"), digest(b"\0asm two"));
    }

    #[test]
    fn a_second_layout_replaces_the_first() {
        let folder = std::env::temp_dir().join(format!("edgelatch-image-{}", std::process::id()));
        let place = folder.join("filter.oci");
        for module in [b"\0asm one", b"\0asm two"] {
            Image::of(module).unwrap().write(&place).unwrap();
        }
        let blobs = fs::read_dir(place.join("blobs/sha256")).unwrap().count();
        fs::remove_dir_all(folder).unwrap();
        assert_eq!(blobs, 3);
    }
}
