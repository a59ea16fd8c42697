//! Where something stands and where a role holds: subscription, resource group, pool, cluster, written as an ARM id.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How deep a scope lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everything that there is.
    Root,
    /// A subscription.
    Subscription,
    /// A resource group.
    ResourceGroup,
    /// A cluster pool.
    Pool,
    /// A cluster.
    Cluster,
}

/// What stands in an id before each name.
const BEFORE: [&[&str]; 4] = [
    &["subscriptions"],
    &["resourceGroups"],
    &["providers", "Microsoft.HDInsight", "clusterPools"],
    &["clusters"],
];
const LEVELS: [Level; 5] =
    [Level::Root, Level::Subscription, Level::ResourceGroup, Level::Pool, Level::Cluster];

/// Longer than any name of a resource may be.
const LONGEST_NAME: usize = 90;

/// A scope: `/` for everything, or an ARM id from its subscription down to a cluster. Ids are compared without regard to
/// case, and written in one spelling; names keep theirs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope(Vec<String>);

/// A text that is no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no scope. Write / for everything, or an id such as \
     /subscriptions/s/resourceGroups/g/providers/Microsoft.HDInsight/clusterPools/p/clusters/c, or its beginning up to a \
     subscription, group or pool."
)]
pub struct ScopeError(String);

impl Scope {
    /// Everything.
    pub fn root() -> Self {
        Self::default()
    }

    /// Of these names, from the subscription's id down to the cluster's; more than those four are left out.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().take(BEFORE.len()).map(str::to_owned).collect())
    }

    /// What is called so within it; a cluster holds nothing more.
    pub fn within(&self, name: &str) -> Self {
        Self::of(self.names().chain([name]))
    }

    /// How deep it lies.
    pub fn level(&self) -> Level {
        LEVELS[self.0.len().min(BEFORE.len())]
    }

    /// Its names, the subscription's id first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What it lies in directly; none for everything.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, above)| Self(above.to_vec()))
    }

    /// Whether the other one is it, or lies in it.
    pub fn contains(&self, other: &Scope) -> bool {
        self.0.len() <= other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    /// As a sentence calls it: `the pool lab`.
    pub fn words(&self) -> String {
        let name = self.0.last().map(String::as_str).unwrap_or_default();
        match self.level() {
            Level::Root => "everything".to_owned(),
            Level::Subscription => format!("the subscription {name}"),
            Level::ResourceGroup => format!("the resource group {name}"),
            Level::Pool => format!("the pool {name}"),
            Level::Cluster => format!("the cluster {name}"),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("/");
        }
        for (before, name) in BEFORE.iter().zip(&self.0) {
            write!(f, "/{}/{name}", before.join("/"))?;
        }
        Ok(())
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let refused = || ScopeError(text.to_owned());
        let rest = text.trim().strip_prefix('/').ok_or_else(refused)?;
        let mut parts = rest.strip_suffix('/').unwrap_or(rest).split('/').filter(|_| !rest.is_empty());
        let mut names = Vec::new();
        for before in BEFORE {
            let mut words = before.iter();
            let Some(first) = parts.next() else { return Ok(Self(names)) };
            let rightly = |word: Option<&&str>, part: Option<&str>| {
                word.zip(part).is_some_and(|(word, part)| word.eq_ignore_ascii_case(part))
            };
            if !rightly(words.next(), Some(first)) {
                return Err(refused());
            }
            while let word @ Some(_) = words.next() {
                if !rightly(word, parts.next()) {
                    return Err(refused());
                }
            }
            names.push(parts.next().filter(|name| is_name(name)).ok_or_else(refused)?.to_owned());
        }
        if parts.next().is_some() { Err(refused()) } else { Ok(Self(names)) }
    }
}

fn is_name(text: &str) -> bool {
    let plain = |c: char| !c.is_control() && !"/\\?#%".contains(c);
    text.trim() == text && (1..=LONGEST_NAME).contains(&text.chars().count()) && text.chars().all(plain)
}

impl TryFrom<String> for Scope {
    type Error = ScopeError;

    fn try_from(text: String) -> Result<Self, ScopeError> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> String {
        scope.to_string()
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.contains(other)
    }
}

impl Eq for Scope {}

impl Hash for Scope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        for name in &self.0 {
            name.to_ascii_lowercase().hash(state);
        }
    }
}

impl PartialOrd for Scope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What holds others comes before them.
impl Ord for Scope {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = |scope: &Self| scope.names().map(str::to_ascii_lowercase).collect::<Vec<_>>();
        names(self).cmp(&names(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CLUSTER: &str = "/subscriptions/0f3c8a52-6b1d-4e7f-9a40-5d2c7e91b6aa/resourceGroups/rg-data/providers/\
                           Microsoft.HDInsight/clusterPools/orders-pool/clusters/orders-app";

    fn scope() -> impl Strategy<Value = Scope> {
        // Few names, so that one is often within another, in any case.
        proptest::collection::vec("[aAbB]|x-[0-9]", 0..=4)
            .prop_map(|names| Scope::of(names.iter().map(String::as_str)))
    }

    #[test]
    fn an_arm_id_is_read_in_any_case_and_written_in_one() {
        let scope: Scope = CLUSTER.parse().expect("an id");
        assert_eq!((scope.level(), scope.to_string()), (Level::Cluster, CLUSTER.to_owned()));
        for other in [CLUSTER.to_uppercase(), CLUSTER.to_lowercase(), format!("{CLUSTER}/")] {
            assert_eq!(other.parse::<Scope>().as_ref(), Ok(&scope), "{other}");
        }
        assert_eq!("/SUBSCRIPTIONS/s".parse::<Scope>().expect("an id").to_string(), "/subscriptions/s");
        assert_eq!("/".parse::<Scope>(), Ok(Scope::root()));
        assert_eq!(scope.words(), "the cluster orders-app");
    }

    #[test]
    fn what_is_no_scope_is_refused_with_an_example() {
        let too_deep = format!("{CLUSTER}/jobs/j");
        let other = CLUSTER.replace("HDInsight", "Storage");
        let cut = CLUSTER.replace("/orders-app", "");
        for wrong in [
            "",
            " ",
            "subscriptions/s",
            "//",
            "/subscriptions",
            "/subscriptions/",
            "/subscriptions//resourceGroups/g",
            "/resourceGroups/g",
            "/subscriptions/a%2Fb",
            "/subscriptions/ a",
            "/subscriptions/a\nb",
            &too_deep,
            &other,
            &cut,
        ] {
            let refused = wrong.parse::<Scope>().expect_err(wrong);
            assert!(refused.to_string().contains("Write / for everything"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(scope in scope()) {
            prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope.clone()));
            let json = serde_json::to_string(&scope).expect("text");
            prop_assert_eq!(serde_json::from_str::<Scope>(&json).expect("text"), scope);
        }

        #[test]
        fn nothing_that_is_typed_makes_it_stumble(text in "(/|[a-zA-Z]|subscriptions/|resourceGroups/|.){0,12}") {
            if let Ok(scope) = text.parse::<Scope>() {
                prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope));
            }
        }

        #[test]
        fn containing_is_an_order(a in scope(), b in scope(), c in scope()) {
            prop_assert!(a.contains(&a) && Scope::root().contains(&a));
            prop_assert_eq!(a.contains(&b) && b.contains(&a), a == b);
            prop_assert!(!(a.contains(&b) && b.contains(&c)) || a.contains(&c));
        }

        #[test]
        fn it_contains_exactly_those_on_whose_way_up_it_lies(a in scope(), b in scope()) {
            let mut above = std::iter::successors(Some(b.clone()), Scope::parent);
            prop_assert_eq!(a.contains(&b), above.any(|scope| scope == a));
        }

        #[test]
        fn equal_ones_hash_and_sort_alike(a in scope(), b in scope()) {
            let hash = |scope: &Scope| {
                let mut hasher = std::hash::DefaultHasher::new();
                scope.hash(&mut hasher);
                hasher.finish()
            };
            prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
            prop_assert!(a != b || hash(&a) == hash(&b));
        }
    }
}
