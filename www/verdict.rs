//! What became of a request, in one number.

use edgelatch_core::{Facts, Rejection};

/// The lowest three bits of the number. Keep `www/package/verdict.ts` in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It may pass.
    Allow = 0,
    /// It ends here.
    Deny = 1,
    /// A signature has to be checked; then `finish`.
    Verify = 2,
    /// A fetch may help. `Gate::awaited` says which; then `begin` again, or `give_up`.
    Refresh = 3,
    /// What was remembered does not hold any more: `begin` with the whole request.
    Forgotten = 4,
    /// The caller of this function made a mistake.
    Misused = 5,
}

/// Kind in three bits, the place of the rejection in `Rejection::ALL` and one in seven, that of the route and one
/// in the others; zero for none.
pub(crate) fn number(kind: Kind, rejection: Option<Rejection>, facts: &Facts) -> u32 {
    let place = rejection.and_then(|one| Rejection::ALL.iter().position(|other| *other == one));
    let reason = place.map_or(0, |place| u32::try_from(place).unwrap_or(0).saturating_add(1));
    let position = facts.route.as_ref().and_then(|name| u32::try_from(name.position()).ok());
    let route = position.map_or(0, |position| position.saturating_add(1));
    kind as u32 | (reason << REASON_SHIFT) | (route << ROUTE_SHIFT)
}

const REASON_SHIFT: u32 = 3;
const ROUTE_SHIFT: u32 = 10;
const _: () =
    assert!(Rejection::ALL.len() < 1 << (ROUTE_SHIFT - REASON_SHIFT), "more bits for reasons");

#[cfg(test)]
mod tests {
    use super::*;
    use edgelatch_core::RouteName;

    fn of_route(position: usize) -> Facts {
        Facts { route: Some(RouteName::new("route", position)), ..Facts::default() }
    }

    #[test]
    fn says_kind_reason_and_route_apart() {
        assert_eq!(number(Kind::Allow, None, &Facts::default()), 0);
        assert_eq!(number(Kind::Deny, None, &Facts::default()), 1);
        assert_eq!(number(Kind::Allow, None, &of_route(0)), 1 << 10);
        assert_eq!(number(Kind::Allow, None, &of_route(6)), 7 << 10);
        for (place, rejection) in (1..).zip(Rejection::ALL) {
            let expected = Kind::Deny as u32 | place << 3 | 3 << 10;
            assert_eq!(number(Kind::Deny, Some(rejection), &of_route(2)), expected);
        }
    }
}
