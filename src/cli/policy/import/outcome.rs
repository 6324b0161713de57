//! What a request must bring along, and how two such demands go together.

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It needs no token; one that it has must be good. From these networks, or from anywhere.
    Open(Option<Vec<String>>),
    Callers(Callers),
    Refused,
}

/// Whose requests pass. What is absent asks for nothing, beyond a valid token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Callers {
    pub(super) issuers: Option<Vec<String>>,
    pub(super) audiences: Option<Vec<String>>,
    pub(super) all_scopes: Vec<String>,
    pub(super) any_scopes: Vec<String>,
    pub(super) clients: Option<Vec<String>>,
    pub(super) networks: Option<Vec<String>>,
}

/// Two demands that one route cannot make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsayable;

impl Outcome {
    pub(super) const OPEN: Self = Self::Open(None);

    /// What satisfies both.
    pub(super) fn and(self, other: Self) -> Result<Self, Unsayable> {
        match (self, other) {
            (Self::Refused, _) | (_, Self::Refused) => Ok(Self::Refused),
            (Self::Open(one), Self::Open(other)) => Ok(Self::Open(both(one, other)?)),
            (Self::Open(networks), Self::Callers(mut callers))
            | (Self::Callers(mut callers), Self::Open(networks)) => {
                callers.networks = both(callers.networks, networks)?;
                Ok(Self::Callers(callers))
            }
            (Self::Callers(one), Self::Callers(other)) => one.and(other).map(Self::Callers),
        }
    }

    /// What satisfies one of the two at least.
    pub(super) fn or(self, other: Self) -> Result<Self, Unsayable> {
        match (self, other) {
            (Self::Refused, outcome) | (outcome, Self::Refused) => Ok(outcome),
            (Self::Open(None), _) | (_, Self::Open(None)) => Ok(Self::OPEN),
            (Self::Open(one), Self::Open(other)) => Ok(Self::Open(either(one, other))),
            (Self::Callers(one), Self::Callers(other)) => one.or(other).map(Self::Callers),
            (Self::Open(_), Self::Callers(_)) | (Self::Callers(_), Self::Open(_)) => Err(Unsayable),
        }
    }
}

impl Callers {
    fn and(self, other: Self) -> Result<Self, Unsayable> {
        let mut all_scopes = self.all_scopes;
        for scope in other.all_scopes {
            if !all_scopes.contains(&scope) {
                all_scopes.push(scope);
            }
        }
        let any_scopes = match (self.any_scopes, other.any_scopes) {
            (one, other) if other.is_empty() || one == other => one,
            (one, other) if one.is_empty() => other,
            _ => return Err(Unsayable),
        };
        Ok(Self {
            issuers: common(self.issuers, other.issuers)?,
            audiences: both(self.audiences, other.audiences)?,
            all_scopes,
            any_scopes,
            clients: common(self.clients, other.clients)?,
            networks: both(self.networks, other.networks)?,
        })
    }

    fn or(self, other: Self) -> Result<Self, Unsayable> {
        if self.includes(&other) {
            return Ok(self);
        }
        if other.includes(&self) {
            return Ok(other);
        }
        let mut one = self.with_single_scope_as_any();
        let other = other.with_single_scope_as_any();
        let differs = [
            one.issuers != other.issuers,
            one.audiences != other.audiences,
            one.all_scopes != other.all_scopes,
            one.any_scopes != other.any_scopes,
            one.clients != other.clients,
            one.networks != other.networks,
        ];
        // In one respect only: a union in two of them would let in what neither does.
        match differs {
            [true, false, false, false, false, false] => {
                one.issuers = either(one.issuers, other.issuers);
            }
            // Those of the issuer, which are meant by none, are not known here.
            [false, true, false, false, false, false]
                if one.audiences.is_some() && other.audiences.is_some() =>
            {
                one.audiences = either(one.audiences, other.audiences);
            }
            [false, false, false, true, false, false] => {
                one.any_scopes =
                    either(Some(one.any_scopes), Some(other.any_scopes)).unwrap_or_default();
            }
            [false, false, false, false, true, false] => {
                one.clients = either(one.clients, other.clients);
            }
            [false, false, false, false, false, true] => {
                one.networks = either(one.networks, other.networks);
            }
            _ => return Err(Unsayable),
        }
        Ok(one)
    }

    /// Whether everybody whom the other lets in gets in here.
    fn includes(&self, other: &Self) -> bool {
        let within = |one: &Option<Vec<String>>, other: &Option<Vec<String>>| match (one, other) {
            (None, _) => true,
            (Some(one), Some(other)) => other.iter().all(|member| one.contains(member)),
            (Some(_), None) => false,
        };
        let any = self.any_scopes.is_empty()
            || self.any_scopes == other.any_scopes
            || self.any_scopes.iter().any(|scope| other.all_scopes.contains(scope));
        any && self.all_scopes.iter().all(|scope| other.all_scopes.contains(scope))
            && within(&self.issuers, &other.issuers)
            // Absent audiences are those of the issuer, not all.
            && self.audiences == other.audiences
            && within(&self.clients, &other.clients)
            && within(&self.networks, &other.networks)
    }

    fn with_single_scope_as_any(mut self) -> Self {
        if self.any_scopes.is_empty() && self.all_scopes.len() == 1 {
            self.any_scopes = std::mem::take(&mut self.all_scopes);
        }
        self
    }
}

type List = Option<Vec<String>>;

fn common(one: List, other: List) -> Result<List, Unsayable> {
    match (one, other) {
        (None, list) | (list, None) => Ok(list),
        (Some(one), Some(other)) => {
            let list: Vec<_> = one.into_iter().filter(|member| other.contains(member)).collect();
            // Nobody is left, which a policy does not say by an empty list.
            if list.is_empty() { Err(Unsayable) } else { Ok(Some(list)) }
        }
    }
}

/// For lists whose members may overlap without being equal: the part, where one is a part of the other.
fn both(one: List, other: List) -> Result<List, Unsayable> {
    match (one, other) {
        (None, list) | (list, None) => Ok(list),
        (Some(one), Some(other)) if other.iter().all(|member| one.contains(member)) => {
            Ok(Some(other))
        }
        (Some(one), Some(other)) if one.iter().all(|member| other.contains(member)) => {
            Ok(Some(one))
        }
        (Some(_), Some(_)) => Err(Unsayable),
    }
}

fn either(one: List, other: List) -> List {
    let (mut one, other) = (one?, other?);
    for member in other {
        if !one.contains(&member) {
            one.push(member);
        }
    }
    Some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(all: &[&str]) -> Callers {
        Callers { all_scopes: all.iter().map(ToString::to_string).collect(), ..Callers::default() }
    }

    fn issuer(name: &str) -> Callers {
        Callers { issuers: Some(vec![name.to_owned()]), ..Callers::default() }
    }

    #[test]
    fn either_of_two_scopes_can_be_said() {
        let any = scopes(&["a"]).or(scopes(&["b"])).map(|callers| callers.any_scopes);
        assert_eq!(any, Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(scopes(&["a", "b"]).or(scopes(&["c"])), Err(Unsayable));
    }

    #[test]
    fn the_wider_of_two_wins() {
        assert_eq!(scopes(&[]).or(scopes(&["a"])), Ok(scopes(&[])));
        assert_eq!(scopes(&["a", "b"]).or(scopes(&["a"])), Ok(scopes(&["a"])));
    }

    #[test]
    fn a_union_in_two_respects_is_refused() {
        let one = Callers { clients: Some(vec!["x".to_owned()]), ..issuer("A") };
        let other = Callers { clients: Some(vec!["y".to_owned()]), ..issuer("B") };
        assert_eq!(one.or(other), Err(Unsayable));
        assert!(issuer("A").or(issuer("B")).is_ok());
    }

    #[test]
    fn of_two_networks_the_narrower_one_holds() {
        let open = |networks: &[&str]| {
            Outcome::Open(Some(networks.iter().map(ToString::to_string).collect()))
        };
        assert_eq!(open(&["a", "b"]).and(open(&["b"])), Ok(open(&["b"])));
        assert_eq!(open(&["a", "b"]).and(open(&["b", "c"])), Err(Unsayable));
    }

    #[test]
    fn nobody_is_not_everybody() {
        assert_eq!(issuer("A").and(issuer("B")), Err(Unsayable));
        assert_eq!(Outcome::Refused.and(Outcome::OPEN), Ok(Outcome::Refused));
    }
}
