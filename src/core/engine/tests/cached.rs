//! The cache changes what a request costs and nothing else: an engine with it, one without, one whose host
//! recognises tokens by itself, and one whose host repeats what still holds go through the same requests, key sets,
//! lists and times and always say the same.

use std::collections::BTreeMap;

use super::*;

mod host;

use self::host::Host;

/// A small generator (xorshift64*), so that a failure can be repeated by its number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % sides
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.roll(among.len())]
    }
}

/// Of `tokens`, some that are good where and while their keys are known.
const GOOD: [usize; 5] = [0, 1, 5, 6, 14];

const LIST: FeedId = FeedId { issuer: 0, kind: FeedKind::StatusList };

fn policy(cache: &Value) -> Engine {
    let route = |name: &str, more: Value| {
        let mut route = json!({ "name": name, "methods": ["GET"], "path": format!("/{name}") });
        route.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        route
    };
    let policy = json!({
        "issuers": [
            {
                "issuer": "https://a.test", "audiences": ["api"], "jwks_uri": "https://a.test/keys",
                "refresh_seconds": 60, "maximum_stale_seconds": 300,
                "status_list": {
                    "uri": "https://a.test/list", "wait_seconds": 0, "maximum_stale_seconds": 200,
                },
            },
            { "issuer": "https://b.test", "audiences": ["api"], "jwks": { "keys": [jwk(2, "k")] } },
        ],
        "routes": [
            route("read", json!({ "scopes": { "all": ["read"] } })),
            route("write", json!({ "scopes": { "all": ["write"] } })),
            route("seen", json!({ "mode": "observe", "scopes": { "all": ["write"] } })),
            route("open", json!({ "mode": "public" })),
            route("other", json!({ "audiences": ["other"], "clients": ["*"] })),
            route("near", json!({ "networks": ["10.0.0.0/8"], "scopes": { "all": ["read"] } })),
            route("bound", json!({ "binding": "mtls", "scopes": { "all": ["read"] } })),
        ],
        "client_certificate": { "from": "connection" },
        "token_cache": cache,
    });
    Engine::new(Policy::from_json(policy.to_string().as_bytes()).unwrap())
}

/// Tokens that differ in everything a decision depends on, some of them bad.
fn tokens() -> Vec<String> {
    let mut tokens = Vec::new();
    for (seed, key_id, issuer) in [
        (1, "k", "https://a.test"),
        (3, "new", "https://a.test"),
        (2, "k", "https://b.test"),
        (9, "k", "https://a.test"),
        (1, "nobody", "https://a.test"),
        (1, "k", "https://c.test"),
    ] {
        for patch in [
            json!({}),
            json!({ "exp": NOW + 100, "scope": "read write" }),
            json!({ "nbf": NOW + 150 }),
            json!({ "aud": ["other", "api"], "jti": "gone" }),
            json!({ "cnf": { "x5t#S256": Base64UrlUnpadded::encode_string(&[7; 32]) } }),
            json!({ "status": { "status_list": { "idx": 0, "uri": "https://a.test/list" } } }),
            json!({ "status": { "status_list": { "idx": 1, "uri": "https://a.test/list" } } }),
        ] {
            tokens.push(mint(seed, key_id, issuer, &patch));
        }
    }
    let mut broken = tokens[0].clone();
    broken.replace_range(4..5, "_");
    tokens.push(broken);
    tokens
}

fn mint(seed: u8, key_id: &str, issuer: &str, patch: &Value) -> String {
    let mut claims = json!({
        "iss": issuer, "sub": "s", "client_id": "c", "aud": "api", "iat": NOW, "exp": NOW + 600,
        "jti": "t", "scope": "read",
    });
    claims.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key_id });
    let segment = |value: Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let message = format!("{}.{}", segment(header), segment(claims));
    let signature = signer(seed).sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
}

/// What all engines meet.
struct World {
    cached: Engine,
    plain: Engine,
    reminded: Host,
    resting: Host,
    dice: Dice,
    now: u64,
    lists: usize,
    recent: Vec<Asked>,
    /// Where requests go, and what stands before their tokens.
    paths: &'static [&'static str],
    schemes: &'static [&'static str],
}

/// What differs from request to request.
#[derive(Clone)]
struct Asked {
    path: &'static str,
    value: String,
    source: Option<IpAddr>,
    certificate: Option<[u8; 32]>,
}

impl World {
    fn begin(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let entries = [1, 3, 1_000][dice.roll(3)];
        Self {
            cached: policy(&json!({ "maximum_entries": entries })),
            plain: policy(&json!({ "maximum_entries": 0 })),
            reminded: Host::new(policy(&json!({ "maximum_entries": entries }))),
            resting: Host::resting(policy(&json!({ "maximum_entries": entries }))),
            dice,
            now: 0,
            lists: 0,
            recent: Vec::new(),
            paths: &[
                "/read", "/read", "/write", "/seen", "/open", "/other", "/near", "/bound", "/none",
            ],
            schemes: &["Bearer ", "Bearer ", "bearer  ", "DPoP ", ""],
        }
    }

    fn happen(&mut self, tokens: &[String], dull: usize) {
        match self.dice.roll(8 + dull) {
            0 | 1 => self.keys(),
            2 | 3 => self.list(),
            4 => self.fail(),
            5 | 6 => self.now += [1, 9, 61, 150][self.dice.roll(4)],
            7 => self.now = self.now.saturating_sub([5, 200, 700][self.dice.roll(3)]),
            _ => self.request(tokens),
        }
    }

    fn keys(&mut self) {
        let (one, two) = (jwk(1, "k"), jwk(3, "new"));
        let sets = [vec![one.clone()], vec![two.clone()], vec![one, two], vec![jwk(8, "k")]];
        let set: &Vec<Value> = self.dice.pick(&sets);
        let body = key_set(set);
        self.accept(
            KEYS,
            FetchResponse::Received { status: 200, headers: &[], body: body.as_bytes() },
        );
    }

    fn list(&mut self) {
        self.lists += 1;
        let bits = *self.dice.pick(&["eNrbuRgAAhcBXQ", "eNpjYAAAAAIAAQ", "eNr7_x8AAv8B_w"]);
        let revoked = [json!([]), json!([["gone", NOW]])];
        let body = status::list(
            1,
            "k",
            &json!({
                "sequence": self.lists, "status_list": { "bits": 1, "lst": bits },
                "revoked_tokens": self.dice.pick(&revoked),
            }),
        );
        self.accept(
            LIST,
            FetchResponse::Received { status: 200, headers: &[], body: body.as_bytes() },
        );
    }

    fn fail(&mut self) {
        let feed = *self.dice.pick(&[KEYS, LIST]);
        self.accept(feed, FetchResponse::Failed);
    }

    fn accept(&mut self, feed: FeedId, response: FetchResponse<'_>) {
        let now = at(self.now);
        let engines = [&mut self.cached, &mut self.plain];
        let outcomes = engines.map(|engine| {
            while engine.poll(now).is_some() {}
            engine.accept(feed, response, now)
        });
        assert_eq!(outcomes[0], outcomes[1]);
        for host in [&mut self.reminded, &mut self.resting] {
            assert_eq!(outcomes[0], host.accept(feed, response, now));
        }
    }

    /// Half of the requests come again soon, as they do from programs.
    fn ask(&mut self, tokens: &[String]) -> Asked {
        if !self.recent.is_empty() && self.dice.roll(2) == 0 {
            return self.dice.pick(&self.recent).clone();
        }
        let path = *self.dice.pick(self.paths);
        let scheme = *self.dice.pick(self.schemes);
        let asked = Asked {
            path,
            value: format!("{scheme}{}", self.dice.pick(tokens)),
            source: *self.dice.pick(&[
                None,
                Some([10, 0, 0, 1].into()),
                Some([11, 0, 0, 1].into()),
            ]),
            certificate: *self.dice.pick(&[None, Some([7; 32]), Some([8; 32])]),
        };
        self.recent.insert(0, asked.clone());
        self.recent.truncate(4);
        asked
    }

    fn request(&mut self, tokens: &[String]) {
        let asked = self.ask(tokens);
        let Asked { path, value, source, certificate } = &asked;
        let headers: [(&[u8], &[u8]); 2] =
            [(b"x-auth-subject", b"root"), (b"authorization", value.as_bytes())];
        let request = Request {
            method: b"GET",
            authority: b"api",
            path: path.as_bytes(),
            headers: &headers,
            source: *source,
            certificate: *certificate,
            ..Request::default()
        };
        let now = at(self.now);
        let ends = [&mut self.cached, &mut self.plain].map(|engine| {
            let step = engine.begin(&request, now);
            end(engine, step, now)
        });
        assert_eq!(ends[0], ends[1], "{path} {value} at {}", self.now);
        for host in [&mut self.reminded, &mut self.resting] {
            let other = host.decide(value, &request, now);
            assert_eq!(verdict(&ends[0]), verdict(&other), "{path} {value} at {}", self.now);
        }
    }
}

/// Without what changes about an allowed request, and who it is that calls.
fn verdict((feed, decision): &(Option<FeedId>, Decision)) -> (Option<FeedId>, Decision) {
    let decision = match decision.clone() {
        Decision::Allow(Allow { would_deny, facts, .. }) => {
            let facts = Facts { route: facts.route, ..Facts::default() };
            Decision::Allow(Allow { would_deny, facts, ..Allow::default() })
        }
        deny @ Decision::Deny(_) => deny,
    };
    (*feed, decision)
}

#[test]
fn a06_cached_and_uncached_decisions_are_equal() {
    let tokens = tokens();
    let (mut hits, mut misses, mut plain_misses) = (0, 0, 0);
    let mut reminders = 0;
    for seed in 1..=60 {
        let mut world = World::begin(seed * 7_919);
        for _ in 0..300 {
            world.happen(&tokens, 72);
        }
        let statistics = world.cached.cache_statistics();
        hits += statistics.hits;
        misses += statistics.misses;
        plain_misses += world.plain.cache_statistics().misses;
        reminders += world.reminded.reminders;
        assert_eq!(world.plain.cache_statistics().hits, 0);
    }
    assert!(hits > 1_000, "{hits} hits prove little");
    assert!(misses < plain_misses, "{misses} of {plain_misses}");
    assert!(reminders > 500, "{reminders} reminders prove little");
}

#[test]
fn what_was_allowed_is_repeated_only_while_it_holds() {
    let all = tokens();
    let tokens = GOOD.map(|at| all[at].clone());
    let mut repetitions = 0;
    for seed in 1..=100 {
        let mut world = World::begin(seed * 104_729);
        (world.paths, world.schemes) = (&["/read", "/seen", "/open"], &["Bearer "]);
        for _ in 0..200 {
            world.happen(&tokens, 32);
        }
        repetitions += world.resting.repetitions;
    }
    assert!(repetitions > 1_000, "{repetitions} repetitions prove little");
}

#[test]
fn a_remembered_token_does_not_hide_a_second_one_in_the_query() {
    let mut engine = policy(&json!({}));
    while engine.poll(at(0)).is_some() {}
    let list = status::list(
        1,
        "k",
        &json!({ "sequence": 1, "status_list": { "bits": 1, "lst": "eNpjYAAAAAIAAQ" } }),
    );
    let set = key_set(&[jwk(1, "k")]);
    for (feed, body) in [(KEYS, set), (LIST, list)] {
        engine.accept(
            feed,
            FetchResponse::Received { status: 200, headers: &[], body: body.as_bytes() },
            at(0),
        );
    }
    let text = mint(1, "k", "https://a.test", &json!({}));
    assert_eq!(code(&decide(&mut engine, "/read", Some(&text), at(0))), "allow");
    let token = engine.remember(&text).unwrap();
    let mut check = |path: &str, now: u64, expected: &str| {
        let request = Request {
            method: b"GET",
            authority: b"api",
            path: path.as_bytes(),
            ..Request::default()
        };
        let step = engine.begin_remembered(&token, &request, at(now)).unwrap();
        let (_, decision) = end(&mut engine, step, at(now));
        assert_eq!(code(&decision), expected);
        decision
    };
    let Decision::Allow(allow) = check("/read", 0, "allow") else { unreachable!() };
    assert!(allow.set.is_empty() && allow.facts.client_id.is_none(), "{allow:?}");
    check("/read?access_token=x", 0, "hdr.multiple");
    check("/write", 0, "pol.scope");
    check("/read", 250, "rev.none");
}

#[test]
fn k13_a_key_that_leaves_takes_its_tokens_along_and_one_that_stays_keeps_them() {
    let mut engine = remote();
    let body = |keys: &[Value]| key_set(keys);
    let accept = |engine: &mut Engine, set: &str, now: u64| {
        engine.poll(at(now));
        engine.accept(
            KEYS,
            FetchResponse::Received { status: 200, headers: &[], body: set.as_bytes() },
            at(now),
        )
    };
    accept(&mut engine, &body(&[jwk(1, "k")]), 0);
    let good = token(1, "k", "https://a.test");
    for expected in [0, 1, 2] {
        assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(1))), "allow");
        assert_eq!(engine.cache_statistics().hits, expected);
    }
    accept(&mut engine, &body(&[jwk(3, "new"), jwk(1, "k")]), 2);
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(2))), "allow");
    assert_eq!((engine.cache_statistics().hits, engine.cache_statistics().misses), (3, 1));
    accept(&mut engine, &body(&[jwk(3, "new")]), 4);
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(4))), "key.unknown");
    accept(&mut engine, &body(&[jwk(1, "k")]), 30);
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(30))), "allow");
    assert_eq!(engine.cache_statistics().misses, 2, "it was verified anew");
}

#[test]
fn a_bad_signature_is_checked_once_and_an_unknown_key_looked_for_in_every_key_set() {
    let mut engine = remote();
    engine.poll(at(0));
    let set = key_set(&[jwk(1, "k")]);
    let response = FetchResponse::Received { status: 200, headers: &[], body: set.as_bytes() };
    engine.accept(KEYS, response, at(0));
    let forged = token(9, "k", "https://a.test");
    for _ in 0..3 {
        assert_eq!(code(&decide(&mut engine, "/read", Some(&forged), at(1))), "sig.bad");
    }
    assert_eq!((engine.cache_statistics().hits, engine.cache_statistics().misses), (2, 1));
    let unknown = token(9, "next", "https://a.test");
    for _ in 0..3 {
        assert_eq!(code(&decide(&mut engine, "/read", Some(&unknown), at(1))), "key.unknown");
    }
    assert_eq!((engine.cache_statistics().hits, engine.cache_statistics().misses), (4, 1));
    engine.poll(at(20));
    let set = key_set(&[jwk(9, "next")]);
    let response = FetchResponse::Received { status: 200, headers: &[], body: set.as_bytes() };
    engine.accept(KEYS, response, at(20));
    assert_eq!(code(&decide(&mut engine, "/read", Some(&unknown), at(20))), "allow");
}
