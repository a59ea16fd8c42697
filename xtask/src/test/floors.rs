//! The floors of each crate: what lies below does not name what stands on it. A circle of modules can only be read as
//! one; this finds its first step.

/// Of one crate: modules that may not name others.
struct Floor {
    /// `domain/src/`.
    of: &'static str,
    /// Modules; all of the crate's but those of `above` when empty.
    below: &'static [&'static str],
    /// Modules that those may not name.
    above: &'static [&'static str],
}

const FLOORS: [Floor; 9] = [
    Floor { of: "domain/src/", below: &[], above: &["view"] },
    Floor { of: "domain/src/", below: &["lifecycle", "spec", "memory", "option", "offer"], above: &["form"] },
    Floor {
        of: "orchestrator/src/",
        below: &[
            "file", "flink", "jar", "java", "confine", "lock", "machine", "storage", "store", "seal", "clock",
        ],
        above: &["provider", "probe", "preflight", "command", "reconciler", "plane", "desk"],
    },
    Floor {
        of: "orchestrator/src/",
        below: &["provider", "probe", "preflight"],
        above: &["command", "reconciler", "plane", "desk"],
    },
    Floor { of: "orchestrator/src/", below: &["command", "reconciler"], above: &["desk"] },
    Floor {
        of: "app/src/",
        below: &["paths", "words", "clock", "navigation", "fields", "warnings"],
        above: &["api", "live", "part", "frame", "page", "route", "shell"],
    },
    Floor { of: "app/src/", below: &["api", "live", "part"], above: &["frame", "page", "route", "shell"] },
    Floor { of: "app/src/", below: &["frame"], above: &["page", "route", "shell"] },
    Floor { of: "app/src/", below: &["page", "route"], above: &["shell"] },
];

/// Names every line on which a file names a module above its own.
pub(super) fn faults(path: &str, text: &str, wrong: &mut Vec<String>) {
    for floor in &FLOORS {
        let Some(rest) = path.strip_prefix(floor.of) else { continue };
        let module = rest.split(['/', '.']).next().unwrap_or_default();
        // A crate's tests, and what puts it together, stand above everything.
        let apart = ["tests", "lib", "main", "bin"].contains(&module) || rest.contains("tests");
        let below = floor.below.is_empty() && !floor.above.contains(&module);
        if apart || !(below || floor.below.contains(&module)) {
            continue;
        }
        for (line, name) in named(text).filter(|(_, name)| floor.above.contains(name)) {
            wrong.push(format!("{path}:{line}: `{module}` lies below `{name}` and may not name it"));
        }
    }
}

/// The modules of its own crate that a file names, with their lines: `crate::a`, `crate::{b, c::D}`.
fn named(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = text.match_indices("crate::").filter(|(at, _)| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default();
        !line.trim_start().starts_with("//")
    });
    starts.flat_map(|(at, start)| {
        let line = text[..at].lines().count().max(1);
        let rest = &text[at + start.len()..];
        let list = if rest.starts_with('{') { top_level(rest) } else { vec![word(rest)] };
        list.into_iter().map(move |name| (line, name))
    })
}

/// The first words of a list `{a, b::{c, d}, e}`.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut found) = (0, Vec::new());
    for (at, sign) in list.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && (sign == '{' || sign == ',') {
            found.push(word(list[at + 1..].trim_start()));
        }
    }
    found
}

fn word(text: &str) -> &str {
    text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn found(path: &str, text: &str) -> usize {
        let mut wrong = Vec::new();
        faults(path, text, &mut wrong);
        wrong.len()
    }

    #[test]
    fn a_bottom_that_names_a_top_is_found() {
        assert_eq!(found("domain/src/form/validate.rs", "use crate::view::Check;\n"), 1);
        assert_eq!(found("app/src/part/icon.rs", "use crate::{api::{A, B}, frame};\n"), 1);
        assert_eq!(
            found("app/src/part/icon.rs", "use crate::{\n    api,\n    page::{A},\n    route::b,\n};\n"),
            2
        );
        assert_eq!(found("orchestrator/src/store/seed.rs", "fn f() { crate::provider::x() }\n"), 1);
    }

    #[test]
    fn a_top_may_name_its_bottom() {
        assert_eq!(found("domain/src/view/form.rs", "use crate::form::ClusterForm;\n"), 0);
        assert_eq!(found("app/src/page/home.rs", "use crate::{api, part::{page, route}};\n"), 0);
        assert_eq!(found("app/src/part/icon.rs", "/// See [`crate::frame`].\n"), 0);
        assert_eq!(found("domain/src/form/tests.rs", "use crate::view::Check;\n"), 0);
    }
}
