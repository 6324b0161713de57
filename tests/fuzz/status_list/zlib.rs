//! The simplest zlib stream (RFC 1950, RFC 1951 s3.2.4): nothing is compressed, so that every byte of a list can be
//! chosen.

/// Packs bytes.
pub(super) fn store(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x78, 0x01];
    let chunks = bytes.chunks(usize::from(u16::MAX));
    let count = chunks.len();
    for (index, chunk) in chunks.enumerate() {
        let length = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        packed.push(u8::from(index + 1 == count));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(chunk);
    }
    if count == 0 {
        packed.extend([1, 0, 0, 0xff, 0xff]);
    }
    packed.extend(adler32(bytes).to_be_bytes());
    packed
}

fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (one, two) = bytes.iter().fold((1, 0), |(one, two), byte| {
        let one = (one + u32::from(*byte)) % MODULUS;
        (one, (two + one) % MODULUS)
    });
    two << 16 | one
}
