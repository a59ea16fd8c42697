//! Paths never leave their container; addresses read back what they write.

use proptest::prelude::*;

use super::*;

const CANONICAL: &str = "abfs://flink@lake.dfs.core.windows.net/appmode/fraud-2.4.1.jar";

#[test]
fn every_form_of_an_address_is_the_same_place() {
    for text in [
        CANONICAL,
        "abfss://flink@lake.dfs.core.windows.net/appmode/fraud-2.4.1.jar",
        "wasb://flink@lake.blob.core.windows.net/appmode/fraud-2.4.1.jar",
        "wasbs://flink@lake.blob.core.windows.net/appmode/fraud-2.4.1.jar",
        "  lake/flink/appmode/fraud-2.4.1.jar/ ",
    ] {
        assert_eq!(Address::parse(text).map(|a| a.to_string()), Ok(CANONICAL.to_owned()), "{text}");
    }
    let root = Address::parse("abfs://flink@lake.dfs.core.windows.net").expect("a container");
    assert_eq!(root.to_string(), "abfs://flink@lake.dfs.core.windows.net");
    assert!(root.path().is_root());
}

#[test]
fn what_is_no_address_is_refused_with_its_rule() {
    let host = AddressError::Host(DFS);
    for (text, error) in [
        ("", AddressError::Form),
        ("job.jar", AddressError::Form),
        ("lake/flink", AddressError::Form),
        ("http://example.com/x.jar", AddressError::Scheme("http".into())),
        ("file:///etc/passwd", AddressError::Scheme("file".into())),
        ("abfs://lake.dfs.core.windows.net/x", AddressError::Form),
        ("abfs://flink@lake.blob.core.windows.net/x", host.clone()),
        ("abfs://flink@lake.dfs.core.windows.net.evil.org/x", host),
        ("abfs://flink@lake.dfs.core.windows.net/../x", AddressError::Dots),
        ("abfs://flink@lake.dfs.core.windows.net/a/%2e%2E/x", AddressError::Dots),
        ("abfs://flink@lake.dfs.core.windows.net//etc/passwd", AddressError::Empty),
        ("lake/flink/a//b", AddressError::Empty),
        ("lake/flink/a/./b", AddressError::Dots),
        ("lake/flink/a\\..\\b", AddressError::Character("a backslash")),
        ("lake/flink/a\0b", AddressError::Character("a control character")),
        ("lake/flink/a?b", AddressError::Character("one of ? # :")),
        ("/etc/passwd", AddressError::Name(AccountName::RULE.into())),
        ("../flink/x", AddressError::Name(AccountName::RULE.into())),
    ] {
        assert_eq!(Address::parse(text), Err(error), "{text}");
    }
    assert_eq!(Address::parse(&format!("lake/flink/{}", "a".repeat(256))), Err(AddressError::Long));
    assert_eq!(Address::parse(&format!("lake/flink/{}", "a/".repeat(600))), Err(AddressError::Long));
}

proptest! {
    #[test]
    fn an_address_reads_back(account in "[a-z0-9]{1,9}", container in "[a-z0-9]{1,9}", path in "([a-zA-Z0-9_=. -]{1,8}/){0,4}\\PC{0,9}") {
        if let Ok(address) = Address::parse(&format!("abfs://{container}@{account}{DFS}/{path}")) {
            prop_assert_eq!(Address::parse(&address.to_string()), Ok(address.clone()));
            let json = serde_json::to_string(&address).expect("an address is JSON");
            prop_assert_eq!(serde_json::from_str::<Address>(&json).expect("its own JSON"), address);
        }
    }

    #[test]
    fn no_path_climbs(text in "([a./%2eE\\\\]|\\PC){0,24}") {
        if let Ok(path) = Path::parse(&text) {
            prop_assert!(path.segments().all(|s| !s.is_empty() && s != "." && s != ".." && !s.contains(['/', '\\', '\0'])));
            let below = std::path::Path::new("root").join(path.as_str());
            prop_assert!(below.starts_with("root"));
            prop_assert!(!below.components().any(|c| c == std::path::Component::ParentDir));
        }
    }
}

#[test]
fn a_place_holds_itself_and_what_lies_below() {
    let place = |path: &str| Address::parse(&format!("lake/flink/{path}")).unwrap();
    assert!(
        place("a").holds(&place("a")) && place("a").holds(&place("a/b/c")) && place("").holds(&place("a"))
    );
    assert!(!place("a").holds(&place("ab")) && !place("a/b").holds(&place("a")));
    assert!(!Address::parse("lake/other/").unwrap().holds(&place("a")));
}
