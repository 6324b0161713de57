//! The fixed questions: two keys made for this purpose, whose private halves were thrown away.

use super::Sample;
use edgelatch_core::{Algorithm, KeyMaterial};

/// What all signatures here are over.
pub(super) const MESSAGE: &[u8] = b"edgelatch asks whether this host checks signatures";

/// The sample of an algorithm that Envoy may know. It cannot check PSS (there is no way to say so) and
/// Ed25519 (it always names a hash, which that does not take).
pub(super) fn sample(algorithm: Algorithm) -> Option<Sample> {
    let (signature, hash) = match algorithm {
        Algorithm::Es256 => return Some(p256()),
        Algorithm::Rs256 => (RS256, "sha256"),
        Algorithm::Rs384 => (RS384, "sha384"),
        Algorithm::Rs512 => (RS512, "sha512"),
        Algorithm::Ed25519 | Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512 => return None,
    };
    let mut other = MODULUS;
    other[128] ^= 4;
    let key =
        |modulus: [u8; 256]| KeyMaterial::Rsa { modulus: modulus.into(), exponent: vec![1, 0, 1] };
    Some(Sample { key: key(MODULUS), other_key: key(other), hash, signature: signature.into() })
}

fn p256() -> Sample {
    Sample {
        key: KeyMaterial::P256 { x: X, y: Y },
        other_key: KeyMaterial::P256 { x: BASE_X, y: BASE_Y },
        hash: "sha256",
        signature: ES256.into(),
    }
}

/// Bytes of hexadecimal digits, at compile time.
#[expect(
    clippy::indexing_slicing,
    reason = "at compile time, where a wrong index does not compile"
)]
const fn decode<const N: usize>(digits: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    let mut index = 0;
    while index < digits.len() {
        let digit = digits[index];
        let value = if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 };
        bytes[index / 2] = bytes[index / 2] << 4 | value;
        index += 1;
    }
    bytes
}

/// The point of the P-256 key.
const X: [u8; 32] = decode(b"84b5daca97a28ee2714f5b98ab34738d3eea42e44dffa5874a89c6d0d35df84e");
/// Its other coordinate.
const Y: [u8; 32] = decode(b"9da1fa9df1ba3cd8a1b44e91131006eaf63c74426871de023d4acb90cb4005a4");
/// Its signature, r and s; only s has its highest bit set, so both forms of DER occur.
const ES256: [u8; 64] = decode(
    b"\
    414b97043ee08c0136df77b0b96a893fb7351326d1f4d1d37c8ca4f0a943a943b79523380ffb7b2bf0c4\
    1938791524f3436b600e9369b71d9bf2ae92ba73f379",
);
/// The base point of P-256: another valid key.
const BASE_X: [u8; 32] =
    decode(b"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
/// Its other coordinate.
const BASE_Y: [u8; 32] =
    decode(b"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
/// The RSA key; its exponent is 65537.
const MODULUS: [u8; 256] = decode(
    b"\
    8e262e3935c0b01cf32739a7f2e58de52d4fecf026032d07baeb05cf3cc641584c0a25821b0c2c6a5fe1\
    cbd9835847bed3da762fad7c603ecb4879f4a9a3180370d5927f6bab223d3c3cdc0495c08f3c83eb680d\
    22c45f39c98074ff422000af62aca95e6fc6c4df58b5f266206d5047556253d151df32af40bbe65b6df7\
    239f625600f9df2716bde51e56cac5f17de3cda1ba9c892e219af71f87c3d73dd33c681f75b9a0bfbcef\
    9edd8d87dc9e1d63b27d677304e917d33cd63d349ae4180505e17bebbf71cd50b3f5b032fc7e8c3c1553\
    b64e4f792fc94fcdc6b08206eb34bcb01a125ae4649cc0d19de1e2aa78810b94d91eb6660eca6c2424ac\
    2a5df4b5",
);
/// Its signature with SHA-256.
const RS256: [u8; 256] = decode(
    b"\
    6f55c774d5d8c61af7c71f149a53893200fe6badfb776f341660a50f51ae32d0b4e566f510374b9429f4\
    3ac17ecf9fbb5829bb8a5a3a2ad7a63081ac27bcb16174a4c5475bf5a6c9f94e3b6b47539681405eb3df\
    053ef15ec5c35ef02e936467cfca5395d20d39a7c6fd48f212666422b857268f9b0317f909bb773ba477\
    9391774bc21713800ac3a81ed757e844fb0ed06af3ae1368cad3594a13aedb7327a91f870a2d283eb2e2\
    9d5f7bf4402f3dd76a10fc0d9ef9971ec4d1a64f86fa3f3194fbed2e783ef1973a3d9ddbfcebb5efe7eb\
    b43440b263dbcfab2fccdceeb5920e211ac5f3e1cd0103fdbc8ea1e269c714c94d6df18cb86815b92776\
    d69f81ae",
);
/// Its signature with SHA-384.
const RS384: [u8; 256] = decode(
    b"\
    8c6a360e346e556e6da182ebc8167fcffcff31180cee994cda0819b4f00d26b3be653043da6663e25cfe\
    b2ae176c533f1fa2f4ceb1792955d7615b496d1577ceb0c15c81a96a00764b47490f066bd2ba8c6d308e\
    a585375487495f39d7268f9fbb0b86020035d5452d7c17a42d69e65614884ee78afb1b867db1fdc8c346\
    121a986da2443245d3a27f69fa22051127ee8bb136d18752d99b07ce975bb1c3a4df890d102d06a4f8b3\
    51c032584de5ee8e991c6623ce810ba562e9d1d9870ea9d358e6b9d155c6b37a3b94c61eaba6d89d1ef7\
    8fce4a0101a69bd162d0f040a37fafb7ed01018340d2519c048fa9497f83d571e087c1594b25b9cb4cce\
    7d8a979e",
);
/// Its signature with SHA-512.
const RS512: [u8; 256] = decode(
    b"\
    110e3c9016a7d610de66638f80716c7fcfb2b165fcccaf8f520a640aa7474d952cdf02204b00351c7dd3\
    ecebe38ea18f5279ad1d0c1db3097845b91ad01df7e1295bcfce95c5a65864b19a3564d7a81bd42a4eb8\
    d2ab547db7891ed477db225e18eefc0550ff6dfe66c94d376144e0c3a7d92c99ed7214bc1b255d581118\
    9e68e4844afbe908d9a3f5093af0dce581b77a76c8239aa708158f1b4a841241dd958cca35753dae1bf5\
    263733ef3b07f638b5597a5d61f0f7ed23b3862d4d5d5b6071489cec251b496e17f430825c2c3b559460\
    d8a575aa49144edb424bd295c66b678bff0b27647ea1edd5b5376124d8e1cc61f93267673821d04997b7\
    d5fb74bb",
);
