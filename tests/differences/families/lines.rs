//! The header line: schemes, junk at its seams, other lines that look like it.

use super::Member;

pub(super) fn members() -> Vec<Member> {
    let schemes = SCHEMES.iter().map(|(family, value)| {
        Member::lines(family, (*value).replace("$token", "<token>"), &[("authorization", value)])
    });
    let behind = JUNK.iter().map(|junk| {
        let value = format!("Bearer $token{junk}");
        Member::lines("H06", format!("{junk} right behind the token"), &[("authorization", &value)])
    });
    let between = JUNK.iter().map(|junk| {
        let value = format!("Bearer {junk}$token");
        Member::lines("H06", format!("{junk} right before the token"), &[("authorization", &value)])
    });
    let before = JUNK.iter().map(|junk| {
        let value = format!("{junk}Bearer $token");
        Member::lines(
            "H06",
            format!("{junk} right before the scheme"),
            &[("authorization", &value)],
        )
    });
    let elsewhere = ELSEWHERE.iter().map(|name| {
        let words = format!("the token in {name} only");
        Member::lines("H01", words, &[(name, "Bearer $token")])
    });
    schemes.chain(behind).chain(between).chain(before).chain(elsewhere).chain(pairs()).collect()
}

/// Two lines, each order.
fn pairs() -> Vec<Member> {
    let others =
        ["Bearer a.b.c", "Basic YTpi", "Bearer", "Bearer $token", "DPoP $token", "bearer $token"];
    let pair = |first: &str, second: &str| {
        let words = format!("the lines {first} and {second}").replace("$token", "<token>");
        Member::lines("H02", words, &[("authorization", first), ("Authorization", second)])
    };
    let good = "Bearer $token";
    others.iter().flat_map(|other| [pair(good, other), pair(other, good)]).collect()
}

const SCHEMES: [(&str, &str); 22] = [
    ("H05", "bearer $token"),
    ("H05", "BEARER $token"),
    ("H05", "bEaReR $token"),
    ("H05", "Bearer  $token"),
    ("H06", "Basic $token"),
    ("H06", "DPoP $token"),
    ("H06", "JWT $token"),
    ("H06", "Token $token"),
    ("H06", "xBearer $token"),
    ("H06", "x Bearer $token"),
    ("H06", "Basic YTpi Bearer $token"),
    ("H06", "Basic realm=\"Bearer $token\""),
    ("H06", "Digest username=\"Bearer $token\""),
    ("H06", "Negotiate Bearer $token"),
    ("H06", "Bearer Bearer $token"),
    ("H06", "Bearer a Bearer $token"),
    ("H06", "Bearer token=$token"),
    ("H06", "Bearer \"$token\""),
    ("H06", "Bearer '$token'"),
    ("H06", "Bearer <$token>"),
    ("H06", "Bearer=$token"),
    ("H06", "Bearer$token"),
];

/// What no b64token holds (RFC 6750 s2.1), or only at its end.
const JUNK: [&str; 16] =
    ["!", "#", "$", "&", "(", ")", "*", "?", "@", "[", "]", "{", "}", "^", "\\", ":"];

const ELSEWHERE: [&str; 7] = [
    "proxy-authorization",
    "x-authorization",
    "x-forwarded-authorization",
    "x-original-authorization",
    "x-access-token",
    "authorization-bearer",
    "token",
];
