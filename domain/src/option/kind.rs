//! Values by kind, in Flink's own syntax.

use super::OptionInfo;
use crate::memory;

/// Options whose smallest value is known, though their kind does not tell.
const AT_LEAST: &[(&str, i64)] = &[
    ("taskmanager.numberOfTaskSlots", 1),
    ("parallelism.default", 1),
    ("state.checkpoints.num-retained", 1),
    ("execution.checkpointing.num-retained", 1),
    ("execution.checkpointing.max-concurrent-checkpoints", 1),
];

/// Checks a value against its option.
///
/// # Errors
/// What is wrong with the value, what the option takes, and its default.
pub fn check(option: &OptionInfo, value: &str) -> Result<(), String> {
    let kind = option.kind.trim().to_lowercase();
    let least = AT_LEAST.iter().find(|(key, _)| *key == option.key).map(|(_, least)| *least);
    let whole = || value.trim().parse::<i64>().ok();
    let fault = match kind.as_str() {
        "integer" | "int" | "long" => match whole() {
            None => Some(if is_whole(value) { "is too large" } else { "is not a whole number" }),
            Some(number) if least.is_some_and(|least| number < least) => Some("is too small"),
            Some(number) if kind != "long" && i32::try_from(number).is_err() => Some("is too large"),
            Some(_) => None,
        },
        "float" | "double" => {
            let number = value.trim().parse::<f64>().is_ok_and(f64::is_finite);
            (!number).then_some("is not a number")
        }
        "boolean" => {
            let word = value.trim();
            let fits = word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false");
            (!fits).then_some("is neither true nor false")
        }
        "duration" => (!is_duration(value)).then_some("is not a duration"),
        "memorysize" => memory::parse_size(value).is_err().then_some("is not a size"),
        "map" => (!is_map(value)).then_some("is not a map"),
        list if list.starts_with("list") => None, // any text is a list of at least one word
        _ => {
            let word = value.trim();
            let fits = option.values.is_empty()
                || option.values.iter().any(|known| known.eq_ignore_ascii_case(word));
            (!fits).then_some("is not one of its words")
        }
    };
    match fault {
        None => Ok(()),
        Some(fault) => {
            Err(format!("“{value}” {fault}. {} takes {}.", option.key, takes(option, &kind, least)))
        }
    }
}

fn takes(option: &OptionInfo, kind: &str, least: Option<i64>) -> String {
    let mut text = match kind {
        "integer" | "int" => "an Integer".to_owned(),
        "long" => "a Long".to_owned(),
        "float" | "double" => "a number such as 0.4".to_owned(),
        "boolean" => "true or false".to_owned(),
        "duration" => "a Duration: a whole number with ms, s, min, h or d, such as 30 s".to_owned(),
        "memorysize" => "a MemorySize: a whole number with kb, mb or gb, such as 64 mb".to_owned(),
        "map" => "a Map: key1:value1,key2:value2".to_owned(),
        _ => option.values.join(", "),
    };
    if let Some(least) = least {
        text.push_str(&format!(", {least} or more"));
    }
    if let Some(default) = option.default.as_deref().filter(|default| !default.is_empty()) {
        text.push_str(&format!("; default {default}"));
    }
    text
}

fn is_whole(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['-', '+']);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A duration in the syntax of Flink's `TimeUtils`: a whole number and a unit, milliseconds without one. ISO 8601
/// (`PT30S`) is not read by Flink's options.
fn is_duration(text: &str) -> bool {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let units = [
        "",
        "d",
        "day",
        "days",
        "h",
        "hour",
        "hours",
        "m",
        "min",
        "minute",
        "minutes",
        "s",
        "sec",
        "secs",
        "second",
        "seconds",
        "ms",
        "milli",
        "millis",
        "millisecond",
        "milliseconds",
        "µs",
        "micro",
        "micros",
        "microsecond",
        "microseconds",
        "ns",
        "nano",
        "nanos",
        "nanosecond",
        "nanoseconds",
    ];
    number.parse::<i64>().is_ok() && units.contains(&unit.trim().to_lowercase().as_str())
}

/// A duration of that syntax in milliseconds; none for what is none.
pub fn millis(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().ok()?;
    Some(match unit.trim().to_lowercase().as_str() {
        "" | "ms" | "milli" | "millis" | "millisecond" | "milliseconds" => number,
        "s" | "sec" | "secs" | "second" | "seconds" => number.checked_mul(1_000)?,
        "m" | "min" | "minute" | "minutes" => number.checked_mul(60_000)?,
        "h" | "hour" | "hours" => number.checked_mul(3_600_000)?,
        "d" | "day" | "days" => number.checked_mul(86_400_000)?,
        "µs" | "micro" | "micros" | "microsecond" | "microseconds" => number / 1_000,
        "ns" | "nano" | "nanos" | "nanosecond" | "nanoseconds" => number / 1_000_000,
        _ => return None,
    })
}

/// A map as `key:value,key:value`, or in YAML's flow style. Quoted parts are left to Flink.
fn is_map(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with('{') {
        return text.ends_with('}');
    }
    text.contains(['\'', '"']) || text.split(',').all(|pair| pair.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(key: &str, kind: &str, default: Option<&str>, values: &[&str]) -> OptionInfo {
        OptionInfo {
            key: key.to_owned(),
            kind: kind.to_owned(),
            default: default.map(str::to_owned),
            description: String::new(),
            values: values.iter().map(|&value| value.to_owned()).collect(),
            deprecated: false,
        }
    }

    #[test]
    fn the_sentence_names_value_rule_and_default() {
        let slots = option("taskmanager.numberOfTaskSlots", "Integer", Some("1"), &[]);
        assert_eq!(
            check(&slots, "two"),
            Err("“two” is not a whole number. taskmanager.numberOfTaskSlots takes an Integer, 1 or more; default 1."
                .to_owned())
        );
        assert!(check(&slots, "0").expect_err("too small").starts_with("“0” is too small."));
        assert!(check(&slots, "3000000000").expect_err("too large").contains("too large"));
    }

    #[test]
    fn values_are_read_as_flink_reads_them() {
        let words = ["AT_LEAST_ONCE", "EXACTLY_ONCE"];
        for (kind, values, good, bad) in [
            ("Integer", &[][..], &["2", "-1", " 7 "][..], &["", "2.0", "two", "99999999999"][..]),
            ("Long", &[], &["99999999999"], &["1e3", "99999999999999999999"]),
            ("Double", &[], &["0.4", "1", "-2e3"], &["", "NaN", "a"]),
            ("Float", &[], &["0.4"], &["0,4"]),
            ("Boolean", &[], &["true", "FALSE"], &["yes", "1", ""]),
            (
                "Duration",
                &[],
                &["30 s", "30s", "10min", "500", "1 H", "3 days", "5 µs"],
                &["PT30S", "s", "1.5 s", "-1 s", "3 weeks", ""],
            ),
            ("MemorySize", &[], &["64mb", "1 g", "1024"], &["64 mbb", "1.5g", "much"]),
            ("Enum", &words, &["EXACTLY_ONCE", "exactly_once"], &["ONCE", ""]),
            ("Map", &[], &["a:b,c:d", "{a: b}", "'a,b':c"], &["a", "a:b,c"]),
            ("List of String", &[], &["a;b", "[a, b]", ""], &[]),
            ("List of Enum", &words, &["AT_LEAST_ONCE;EXACTLY_ONCE"], &[]),
            ("String", &[], &["anything at all"], &[]),
        ] {
            let option = option("some.key", kind, None, values);
            for value in good {
                assert_eq!(check(&option, value), Ok(()), "{kind} {value}");
            }
            for value in bad {
                assert!(check(&option, value).is_err(), "{kind} {value}");
            }
        }
    }
}
