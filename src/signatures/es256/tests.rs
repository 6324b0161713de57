use p256::ProjectivePoint;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::elliptic_curve::bigint::Encoding;
use p256::elliptic_curve::ops::Invert;
use p256::elliptic_curve::point::{AffineCoordinates, DecompressPoint};
use sha2::Sha512;

use super::*;

/// Reproducible bytes, different for every seed.
fn bytes(seed: u32) -> [u8; 64] {
    Sha512::digest(seed.to_be_bytes()).into()
}

/// One key without tables, and the same as fast as it will be. They agree.
struct Twins {
    young: Key,
    prepared: Key,
}

impl Twins {
    fn new(point: AffinePoint) -> Self {
        Self { young: key(point), prepared: prepared(key(point)) }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let valid = self.young.verify(message, signature);
        assert_eq!(self.prepared.verify(message, signature), valid, "{signature:02x?}");
        valid
    }
}

fn prepared(key: Key) -> Key {
    for _ in 0..1 + OfBase::ROWS + OfKey::ROWS {
        key.prepare();
    }
    assert!(key.is_prepared());
    key
}

fn pair(seed: u32) -> (SigningKey, Twins) {
    let [secret, _] = halves(&bytes(seed));
    let signing = SigningKey::from_slice(&secret).unwrap();
    let key = Twins::new(*signing.verifying_key().as_affine());
    (signing, key)
}

fn key(point: AffinePoint) -> Key {
    let point = point.to_encoded_point(false);
    let [x, y] = [point.x(), point.y()].map(|c| (*c.unwrap()).into());
    Key::new(&x, &y)
}

fn halves(bytes: &[u8]) -> [[u8; 32]; 2] {
    [bytes[..32].try_into().unwrap(), bytes[32..].try_into().unwrap()]
}

/// The verdict of p256's own verifier.
fn reference(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

#[test]
fn agrees_with_p256_on_good_signatures_and_on_their_neighbours() {
    for seed in 0..8 {
        let (signing, key) = pair(seed);
        for round in 0..12_u32 {
            let message = bytes(1_000 + round + 100 * seed);
            let signature: Signature = signing.sign(&message);
            let signature = signature.to_bytes();
            assert!(key.verify(&message, &signature), "{seed} {round}");
            for bit in [0, 7, 100, 255, 256, 300, 511] {
                let mut changed = signature;
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(!key.verify(&message, &changed), "{seed} {round} {bit}");
            }
            assert!(!key.verify(&message[1..], &signature));
            assert!(!pair(seed + 1).1.verify(&message, &signature));
        }
    }
}

#[test]
fn agrees_with_p256_on_numbers_at_the_edges() {
    let order = [
        &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0][..],
        &[0xff; 8],
        &0xbce6_faad_a717_9e84_u64.to_be_bytes(),
        &0xf3b9_cac2_fc63_2551_u64.to_be_bytes(),
    ]
    .concat();
    let near = |difference: i8| {
        let mut number = order.clone();
        number[31] = number[31].wrapping_add_signed(difference);
        number
    };
    let small = |number: u8| {
        let mut bytes = vec![0; 32];
        bytes[31] = number;
        bytes
    };
    let numbers =
        [small(0), small(1), small(2), near(-2), near(-1), near(0), near(1), vec![0xff; 32]];
    let (signing, key) = pair(3);
    for r in &numbers {
        for s in &numbers {
            let signature = [r.as_slice(), s].concat();
            let expected = reference(signing.verifying_key(), b"message", &signature);
            assert_eq!(key.verify(b"message", &signature), expected, "{signature:02x?}");
        }
    }
}

#[test]
fn accepts_the_twin_with_the_negated_number() {
    let (signing, key) = pair(5);
    let signature: Signature = signing.sign(b"message");
    let twin = Signature::from_scalars(signature.r(), -signature.s()).unwrap();
    assert!(reference(signing.verifying_key(), b"message", &twin.to_bytes()));
    assert!(key.verify(b"message", &twin.to_bytes()));
}

#[test]
fn refuses_other_lengths() {
    let (signing, key) = pair(6);
    let signature: Signature = signing.sign(b"message");
    let signature = signature.to_vec();
    for other in [&signature[..63], &signature[1..], &[], &[signature.as_slice(), &[0]].concat()] {
        assert!(!key.verify(b"message", other), "{}", other.len());
    }
}

#[test]
fn a_key_that_is_the_base_point_or_its_negation_meets_equal_points() {
    // The additions then double and cancel, which formulas that are not complete get wrong.
    for point in [ProjectivePoint::GENERATOR, -ProjectivePoint::GENERATOR] {
        let key = Twins::new(point.to_affine());
        let verifying = VerifyingKey::from_affine(point.to_affine()).unwrap();
        for seed in 0..40_u32 {
            let signature = bytes(seed);
            let expected = reference(&verifying, b"message", &signature);
            assert_eq!(key.verify(b"message", &signature), expected, "{seed}");
        }
        let one = SigningKey::from_slice(&[&[0; 31][..], &[1]].concat()).unwrap();
        let signature: Signature = one.sign(b"message");
        let expected = reference(&verifying, b"message", &signature.to_bytes());
        assert_eq!(key.verify(b"message", &signature.to_bytes()), expected);
    }
}

#[test]
fn small_multiples_of_one_point_add_up_though_they_meet() {
    let small = |number: u8| {
        let mut bytes = [0; 32];
        bytes[0] = number;
        bytes
    };
    let x = |number: i16| {
        let multiple = ProjectivePoint::GENERATOR * Scalar::from(u64::from(number.unsigned_abs()));
        Field::from_bytes(&multiple.to_affine().x().into())
    };
    for (point, sign) in [(ProjectivePoint::GENERATOR, 1), (-ProjectivePoint::GENERATOR, -1)] {
        let twins = Twins::new(point.to_affine());
        for key in [&twins.young, &twins.prepared] {
            for (a, b) in (0..70_u8).flat_map(|a| (0..70).map(move |b| (a, b))) {
                let (sum, total) =
                    (key.sum(&small(a), &small(b)), i16::from(a) + sign * i16::from(b));
                match sum {
                    Some(sum) => assert!(total != 0 && sum.has_x(&x(total)), "{a} {b} {sign}"),
                    None => assert_eq!(total, 0, "{a} {b} {sign}"),
                }
            }
        }
    }
}

#[test]
fn a_first_coordinate_above_the_order_counts_less_the_order() {
    // The first points whose x is the order plus a small number, which then is r, and keys that have signed so.
    let order = U256::from_be_slice(&ORDER);
    let mut found = 0;
    for small in 1..40_u64 {
        let x: FieldBytes = order.wrapping_add(&U256::from_u64(small)).to_be_bytes().into();
        let Some(point) = Option::<AffinePoint>::from(AffinePoint::decompress(&x, 0.into())) else {
            continue;
        };
        let (r, s) = (Scalar::from(small), Scalar::from(7_u64));
        let digest = <Scalar as Reduce<U256>>::reduce_bytes(&Sha256::digest(b"message"));
        // s * point = digest * base + r * key
        let key = ProjectivePoint::from(point) * s - ProjectivePoint::GENERATOR * digest;
        let key = (key * r.invert_vartime().unwrap()).to_affine();
        let signature = Signature::from_scalars(r, s).unwrap().to_bytes();
        assert!(reference(&VerifyingKey::from_affine(key).unwrap(), b"message", &signature));
        assert!(Twins::new(key).verify(b"message", &signature), "{small}");
        found += 1;
    }
    assert!(found > 5, "{found}");
}

#[test]
fn tables_grow_by_a_step_after_each_valid_signature_but_the_first() {
    let (_, Twins { young: key, prepared: other }) = pair(1);
    assert!(!key.is_prepared() && other.is_prepared());
    // The table of the base point is whole: the other key saw to that.
    for steps in 0..=OfKey::ROWS {
        assert!(!key.is_prepared(), "{steps}");
        key.prepare();
    }
    assert!(key.is_prepared());
    assert!(key.clone().is_prepared());
}

#[test]
fn tables_have_the_size_that_is_promised() {
    let entry = size_of::<Entry>();
    assert_eq!(OfKey::ROWS * OfKey::ENTRIES * entry / 1024, 96);
    assert_eq!(OfBase::ROWS * OfBase::ENTRIES * entry / 1024, 166);
}
