//! Policies and key sets: the cost of loading them grows with their length.

use edgelatch_tests::minting::Keys;
use serde_json::{Value, json};

use super::metered::Metered;
use super::policies::flat;
use super::probe::load;

#[test]
fn twice_the_routes_are_twice_the_work_to_load() {
    let mut core = Metered::start();
    let steps = [1_000, 2_000, 4_000].map(|routes| load(&mut core, &flat(routes)));
    println!("work: {steps:?} steps to load 1,000, 2,000 and 4,000 routes");
    check_growth("routes", &steps);
}

#[test]
fn twice_the_key_set_is_twice_the_work_to_load() {
    let mut core = Metered::start();
    for name in ["es256-1", "ed25519-1", "rs256-1"] {
        let steps = [16, 32, 64].map(|count| {
            let keys = (0..count).map(|number| {
                let mut key = Keys::load().unwrap().public(name).unwrap();
                key.insert("kid".to_owned(), format!("key-{number}").into());
                Value::Object(key)
            });
            load_keys(&mut core, &json!({ "keys": keys.collect::<Vec<_>>() }), 1)
        });
        println!("work: {steps:?} steps to load 16, 32 and 64 keys like {name}");
        check_growth(name, &steps);
        assert!(steps[2] < 300_000_000, "{name}: {steps:?}");
    }
}

/// What an issuer publishes beside its keys, and what is no key set at all.
#[test]
fn twice_the_junk_is_twice_the_work_to_refuse() {
    let mut core = Metered::start();
    for (name, junk) in JUNK {
        let steps = [16_000, 32_000, 60_000].map(|size| {
            let set = junk(size);
            let steps = load_keys(&mut core, &set, 0);
            let bytes = u64::try_from(set.to_string().len()).unwrap();
            assert!(steps < 4_000 * bytes, "{name}: {steps} steps for {bytes} bytes");
            steps
        });
        check_growth(name, &steps);
    }
    let steps = load_keys(&mut core, &json!({ "keys": "x".repeat(100_000) }), 0);
    assert!(steps < 20_000, "{steps} steps for a set that is too large to be read");
}

type Junk = fn(usize) -> Value;

const JUNK: [(&str, Junk); 5] = [
    ("texts", |size| json!({ "keys": [{ "kty": "x", "a": "x".repeat(size) }] })),
    ("numbers", |size| json!({ "keys": [{ "kty": "x", "a": vec![0; size / 2] }] })),
    ("empty keys", |size| json!({ "keys": vec![json!({}); size / 3] })),
    ("lists", |size| json!({ "keys": [], "a": vec![json!([]); size / 3] })),
    ("names of keys", |size| json!({ "keys": vec![json!({ "kid": "k".repeat(size / 64) }); 63] })),
];

fn load_keys(core: &mut Metered, set: &Value, expected: u32) -> u64 {
    core.put(&[set.to_string().as_bytes()]);
    let before = core.steps();
    // Every algorithm.
    assert_eq!(core.call("load_keys", 0xff_u32), expected, "{}", core.answer());
    core.steps() - before
}

fn check_growth(name: &str, steps: &[u64]) {
    for pair in steps.windows(2) {
        assert!(pair[1] * 2 < pair[0] * 5, "{name}: {pair:?}");
    }
}
