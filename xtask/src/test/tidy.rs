//! The rules of the house that no other tool knows: length, first lines, words that must not stand there, and which
//! module may name which.

use super::floors;
use crate::{paths, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Beyond this nobody reads a file in one go any more. Generated and vendored files do not count.
const LONGEST: usize = 500;

/// A text, the files in which it may not stand (all when empty), where it may all the same, and why.
struct Ban {
    text: &'static str,
    kinds: &'static [&'static str],
    but_in: &'static [&'static str],
    why: &'static str,
}

const BANS: [Ban; 7] = [
    Ban {
        text: "<textarea",
        kinds: &["rs"],
        but_in: &["app/src/part/code_area.rs", "xtask/"],
        why: "Leptos 0.8 writes its content unescaped on the server; set it from a part of its own, named here",
    },
    Ban {
        text: "sqlx",
        kinds: &["rs"],
        but_in: &["orchestrator/src/store", "orchestrator/src/tests/", "xtask/"],
        why: "all SQL lies in the store",
    },
    Ban {
        text: concat!("TO", "DO"),
        kinds: &["rs", "ts", "css", "java"],
        but_in: &["xtask/"],
        why: "write an issue, and its number here",
    },
    Ban {
        text: "#[ignore",
        kinds: &["rs"],
        but_in: &["xtask/"],
        why: "a test that does not run proves nothing",
    },
    Ban {
        text: "style=\"",
        kinds: &["rs"],
        but_in: &["xtask/"],
        why: "the content security policy refuses it; give it a class",
    },
    Ban {
        text: "inner_html",
        kinds: &["rs"],
        but_in: &["app/src/part/code_area.rs", "xtask/"],
        why: "it writes text as HTML; write elements",
    },
    Ban {
        text: "formatter=",
        kinds: &["rs"],
        but_in: &["app/src/route.rs", "xtask/"],
        why: "leptos_meta writes a title unescaped; every one goes through the one formatter",
    },
];

/// Names every place that breaks a rule, all at once.
pub(super) fn check() -> Result<()> {
    let top = paths::workspace();
    let listed =
        shell::ask(Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(&top))
            .context("the files of the project are those that git knows")?;
    let mut wrong = Vec::new();
    let unread = listed.lines().filter(|path| path.ends_with(".snap.new") && top.join(path).exists());
    wrong.extend(unread.map(|path| format!("{path}: a picture that nobody has accepted or refused")));
    for path in listed.lines().filter(|path| is_ours(path)) {
        // Git still lists what was deleted a moment ago; what is not text has no lines.
        if let Ok(text) = fs::read_to_string(top.join(path)) {
            faults(path, &text, &mut wrong);
        }
    }
    if !wrong.is_empty() {
        bail!("{} places break the rules of the house:\n{}", wrong.len(), wrong.join("\n"));
    }
    Ok(())
}

fn is_ours(path: &str) -> bool {
    let source = ["rs", "ts", "css", "java", "sql"].contains(&kind(path));
    source && !path.contains("/snapshots/")
}

fn kind(path: &str) -> &str {
    Path::new(path).extension().and_then(|kind| kind.to_str()).unwrap_or_default()
}

fn faults(path: &str, text: &str, wrong: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LONGEST {
        wrong.push(format!("{path}: {lines} lines; above {LONGEST} it is two files"));
    }
    if kind(path) == "rs" && !text.starts_with("//!") {
        wrong.push(format!("{path}:1: a file begins with `//!`: what it owns"));
    }
    if kind(path) == "rs" {
        floors::faults(path, text, wrong);
    }
    if path.ends_with("/mod.rs") {
        wrong.push(format!("{path}: a module `x` lies in x.rs, its parts in x/"));
    }
    for ban in BANS.iter().filter(|ban| ban.kinds.contains(&kind(path))) {
        if ban.but_in.iter().any(|place| path.starts_with(place)) {
            continue;
        }
        for (number, line) in text.lines().enumerate().filter(|(_, line)| line.contains(ban.text)) {
            if !has_issue(ban, line) {
                wrong.push(format!("{path}:{}: {}: {}", number + 1, ban.text, ban.why));
            }
        }
    }
}

/// What is put off has an issue that says so: `(#12)`.
fn has_issue(ban: &Ban, line: &str) -> bool {
    let Some(after) = line.split(ban.text).nth(1) else { return false };
    ban.why.starts_with("write an issue") && after.trim_start_matches('(').starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn found(path: &str, text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        faults(path, text, &mut wrong);
        wrong
    }

    #[test]
    fn a_good_file_has_no_fault() {
        assert_eq!(found("domain/src/id.rs", "//! Ids.\n"), Vec::<String>::new());
        assert_eq!(
            found("orchestrator/src/store/run.rs", "//! Runs.\nuse sqlx::Row;\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_rule_finds_its_breach() {
        for (path, text) in [
            ("domain/src/id.rs", "use x;\n"),
            ("app/src/page/mod.rs", "//! Pages.\n"),
            ("app/src/page.rs", "//! Pages.\nview! { <textarea> }\n"),
            ("server/src/main.rs", "//! Main.\nuse sqlx::Row;\n"),
            ("style/base.css", concat!("/* TO", "DO: later */\n")),
            ("style/base.css", &"\n".repeat(501)),
        ] {
            assert_eq!(found(path, text).len(), 1, "{path}: {text:.40}");
        }
    }

    #[test]
    fn what_is_put_off_names_its_issue() {
        assert!(found("app/src/a.rs", concat!("//! A.\n// TO", "DO(#12): more\n")).is_empty());
    }
}
