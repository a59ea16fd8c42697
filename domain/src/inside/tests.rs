//! Addresses within the portal: what is one, and that none leads elsewhere as a browser reads it.

use proptest::prelude::*;
use url::Url;

use super::*;

#[test]
fn the_portals_own_addresses_are_within() {
    for own in [
        "/",
        "/jobs",
        "/pools/lab?x=1",
        "/jobs?text=a%20b%26c&page=2&open=",
        "/storage/lake/flink/j%C3%A4rs/b%20c.jar",
        "/storage/lake/flink/",
        "/ask?action=STOP&cluster=0360541a&back=%2Fjobs%3Ftext%3Da",
        "/jobs?text=a|b^{c}'d%",
    ] {
        assert_eq!(Inside::parse(own).as_ref().map(Inside::as_str), Some(own));
    }
}

#[test]
fn everything_else_leads_to_the_jobs() {
    for other in [
        "",
        "jobs",
        "https://example.org",
        "javascript:alert(1)",
        "//example.org",
        "///example.org",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "/\n/example.org",
        "/\u{0}x",
        "/ /example.org",
        " /jobs",
        "/%2f/example.org",
        "/%2F%2Fexample.org",
        "/%5cexample.org",
        "/%09/example.org",
        "/%00x",
        "/%7f",
        "/%",
        "/%g1",
        "/..//example.org",
        "/%2e%2E/x",
        "/a//b",
        "/a/./b",
        "/jobs?text=\"><meta>",
        "/jobs#x",
        "/jär",
        "/storage?__path=%2Fapi&__err=eA",
        "/storage/lake/flink?refused=Words",
        "/storage/lake/flink?%72efused=Words",
        "/jobs?seal=0",
    ] {
        assert_eq!(Inside::or_jobs(other).as_str(), "/jobs", "{other:?}");
    }
    assert_eq!(Inside::parse(&format!("/{}", "a".repeat(LONGEST))), None);
}

/// Pieces that have led browsers astray, and harmless ones around them.
fn astray() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/"),
        Just("\\"),
        Just("//"),
        Just("%2f"),
        Just("%5C"),
        Just("%09"),
        Just("%00"),
        Just("\t"),
        Just("\r"),
        Just("\n"),
        Just(" "),
        Just("."),
        Just(".."),
        Just("%2e"),
        Just(":"),
        Just("@"),
        Just("?"),
        Just("#"),
        Just("&"),
        Just("="),
        Just("%"),
        Just("evil.example"),
        Just("http:"),
        Just("jobs"),
        Just("a"),
        Just("\u{a0}"),
        Just("ü"),
        Just("；"),
        Just("／"),
        Just("__err"),
        Just("refused"),
        Just("%5f_err"),
        Just("\""),
        Just("<"),
        Just("\u{7f}"),
    ];
    proptest::collection::vec(piece, 0..9).prop_map(|pieces| format!("/{}", pieces.concat()))
}

proptest! {
    /// Whatever is let through, a browser that stands anywhere in the portal finds that path in the portal, and no
    /// notice in it.
    #[test]
    fn no_address_within_leads_elsewhere(text in prop_oneof![astray(), "\\PC*", any::<String>()]) {
        let Some(inside) = Inside::parse(&text) else { return Ok(()) };
        prop_assert_eq!(inside.as_str(), &text);
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
        for stands in ["http://127.0.0.1:7373/", "https://flink.example.org/storage/lake/flink/a?b=c"] {
            let stands = Url::parse(stands).expect("an address");
            let leads = stands.join(&text).expect("a path joins any address");
            prop_assert_eq!(leads.origin(), stands.origin());
            prop_assert_eq!(leads.path(), text.split('?').next().unwrap_or_default());
            prop_assert!(leads.query_pairs().all(|(name, _)| !NOTICES.contains(&name.as_ref())));
        }
    }
}
