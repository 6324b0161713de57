//! Times around every limit: now, the skew of 10 seconds, the lifetime of a day.

use serde_json::{Value, json};

use super::super::requests::NOW;
use super::Member;

pub(super) fn members() -> Vec<Member> {
    let expirations = OFFSETS.map(|offset| {
        let issued = (-80_000).min(offset - 60);
        let token = claims(&json!({ "exp": at(offset), "iat": at(issued) }));
        Member::token("C05", format!("exp {}", from_now(offset)), token)
    });
    let beginnings = OFFSETS.map(|offset| {
        let token = claims(&json!({ "nbf": at(offset) }));
        Member::token("C07", format!("nbf {}", from_now(offset)), token)
    });
    let issues = OFFSETS.map(|offset| {
        let token = claims(&json!({ "iat": at(offset) }));
        Member::token("C07", format!("iat {}", from_now(offset)), token)
    });
    let lifetimes = LIFETIMES.map(|seconds| {
        let token = claims(&json!({ "iat": at(-100), "exp": at(seconds - 100) }));
        Member::token("C06", format!("a lifetime of {seconds} seconds, 100 of them gone"), token)
    });
    expirations.into_iter().chain(beginnings).chain(issues).chain(lifetimes).collect()
}

fn claims(claims: &Value) -> Value {
    json!({ "claims": claims })
}

fn at(offset: i64) -> Value {
    json!(NOW.saturating_add_signed(offset))
}

fn from_now(offset: i64) -> String {
    match offset {
        0 => "at this very second".to_owned(),
        past if past < 0 => format!("{} seconds ago", past.unsigned_abs()),
        future => format!("{future} seconds ahead"),
    }
}

const OFFSETS: [i64; 13] = [-3600, -60, -11, -10, -9, -1, 0, 1, 9, 10, 11, 60, 3600];
const LIFETIMES: [i64; 6] = [86_399, 86_400, 86_401, 86_499, 86_500, 86_501];
