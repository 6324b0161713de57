//! The one layer: a compressed archive with the module as `plugin.wasm`.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// An archive that says nothing of the machine, the user and the time that made it.
pub(crate) fn archive(module: &[u8]) -> io::Result<Vec<u8>> {
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(u64::try_from(module.len()).map_err(io::Error::other)?);
    let mut builder = Builder::new(Vec::new());
    builder.append_data(&mut header, "plugin.wasm", module)?;
    builder.into_inner()
}

/// Neither a name nor a time in the head, for the same reason.
pub(crate) fn compress(archive: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(archive)?;
    encoder.finish()
}
