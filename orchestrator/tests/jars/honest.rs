//! What a jar tells.

use sha2::{Digest, Sha256};

use crate::class::Class;
use crate::opened;
use crate::written::Field;
use crate::zip::{Entry, archive};

fn jar() -> Vec<Entry> {
    let other = Class { main: false, others: 7, major: 52, ..Class::with_main("a/Other") };
    let main = Class { others: 3, nested: 2, ..Class::with_main("a/b/Main$Inner") };
    vec![
        Entry::deflated(
            "META-INF/MANIFEST.MF",
            b"Manifest-Version: 1.0\r\nMain-Class: a.b.Main$In\r\n ner\r\n\r\n",
        ),
        Entry::stored(
            "META-INF/maven/org.apache.flink/flink-core/pom.properties",
            b"#\nversion=1.20.5\nx=y\n",
        ),
        Entry::stored("a/", b""),
        Entry::deflated("a/Other.class", &other.write().bytes),
        Entry::stored("a/b/Main$Inner.class", &main.write().bytes),
        Entry::deflated("data.bin", &[7; 100_000]),
        Entry::stored("a/text.class", b"no class at all"),
    ]
}

#[test]
fn a_jar_tells_its_classes_its_manifest_and_what_it_was_built_for() {
    for wide in [false, true] {
        let bytes = archive(&jar(), wide, false).bytes;
        let view = opened(&bytes).expect("a jar");
        assert_eq!(view.mains, ["a.b.Main$Inner"]);
        assert_eq!(view.manifest_main.as_deref(), Some("a.b.Main$Inner"));
        assert_eq!((view.java, view.flink.as_deref()), (17, Some("1.20.5")));
        assert_eq!(view.size, bytes.len() as u64);
        assert_eq!(view.sha256.as_str(), hex::encode(Sha256::digest(&bytes)));
    }
}

/// Some jars begin with a shell script that runs them.
#[test]
fn a_jar_may_begin_with_something_else() {
    let bytes = [b"#!/bin/sh\nexec java -jar $0\n".to_vec(), archive(&jar(), false, false).bytes].concat();
    assert_eq!(opened(&bytes).expect("a jar").mains, ["a.b.Main$Inner"]);
}

#[test]
fn flinks_own_word_for_the_entry_class_goes_first() {
    let manifest = Entry::stored("META-INF/MANIFEST.MF", b"Main-Class: a.A\nprogram-class: a.B\n");
    let class = Entry::stored("A.class", &Class::with_main("A").write().bytes);
    let view = opened(&archive(&[manifest, class], false, false).bytes).expect("a jar");
    assert_eq!(view.manifest_main.as_deref(), Some("a.B"));
}

/// What has the name but is an instance's, or takes something else, cannot be run.
#[test]
fn only_a_public_static_main_counts() {
    let class = Class::with_main("A").write();
    let is_main = |at: &&[Field]| [0x0009, 5, 6] == [0, 1, 2].map(|index| class.get(at[index]));
    let flags = class.fields.windows(3).find(is_main).expect("its flags")[0];
    for (value, found) in [(0x0001, 0), (0x0008, 0), (0x0009, 1), (0x0019, 1), (0x100a, 0)] {
        let mut class = class.clone();
        class.set(flags, value);
        let view =
            opened(&archive(&[Entry::stored("A.class", &class.bytes)], false, false).bytes).expect("a jar");
        assert_eq!(view.mains.len(), found, "{value:x}");
    }
}

#[test]
fn what_is_no_jar_is_refused_with_a_sentence() {
    let jar = archive(&jar(), false, false).bytes;
    for bytes in [&b""[..], b"PK", &[7; 100_000], &jar[..jar.len() - 30], &jar[..jar.len() / 2]] {
        let error = opened(bytes).expect_err("no jar").to_string();
        assert!(
            error.starts_with("This is not a jar") && error.ends_with("Build it again or upload it again."),
            "{error}"
        );
    }
    let texts = archive(&[Entry::stored("a.txt", b"text")], false, false).bytes;
    assert_eq!(
        opened(&texts).expect_err("no class").to_string(),
        "The jar holds no class. Is it a source or documentation jar?"
    );
    let mut damaged = archive(&[Entry::stored("A.class", &[7; 100])], false, false).bytes;
    damaged[60] ^= 1;
    let error = opened(&damaged).expect_err("damaged").to_string();
    assert!(error.starts_with("The jar is damaged at A.class: "), "{error}");
}
