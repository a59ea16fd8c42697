//! From an exception to plain words. What the words are stands in [`signs`].
//!
//! Only the lines that name exceptions are read, never their stack frames but one, so that a method's name is no sign.

mod signs;

use signs::SIGNS;

use super::{Reason, code};

/// Explains an exception as Flink or Java gave it. The exception is kept whole; an unknown one is told by its
/// innermost cause.
pub fn explain(exception: &str) -> Reason {
    let named: Vec<&str> = exception.lines().filter(|line| names(line)).collect();
    let cause = cause(&named);
    let sign =
        SIGNS.iter().find(|sign| sign.any.iter().any(|text| named.iter().any(|line| line.contains(text))));
    let (code, message) = match sign {
        Some(sign) => {
            let detail = sign.detail.and_then(|(after, until)| detail(&named, after, until)).unwrap_or(cause);
            (sign.code, sign.says.replace("{}", &detail))
        }
        None if exception.contains(READS_METADATA) => (
            code::SAVEPOINT_UNREADABLE,
            format!(
                "The state that it was to start from is damaged, Flink cannot read its _metadata to the end: {cause}. \
                 Choose another one."
            ),
        ),
        None if cause.is_empty() => {
            (code::JOB_FAILED, "It failed without an exception; the logs may tell more.".to_owned())
        }
        None => (
            code::JOB_FAILED,
            // What failed is said by whoever asked: a job, its `main`, a savepoint beside which the job goes on.
            format!("{cause}. The logs say what came before."),
        ),
    };
    Reason { code: code.to_owned(), message, exception: exception.to_owned() }
}

/// The one frame that is a sign: whatever Flink runs into there, it is the description of a state that it reads.
const READS_METADATA: &str = "org.apache.flink.runtime.checkpoint.Checkpoints.loadCheckpointMetadata(";

/// The line is part of an exception's name and message, not a stack frame.
fn names(line: &str) -> bool {
    let text = line.trim_start();
    let frame = text.starts_with("at ") || (text.starts_with("... ") && text.ends_with(" more"));
    !(frame || text.is_empty())
}

/// The innermost cause: `IllegalStateException: This main throws on purpose`, without packages and final dot.
fn cause(named: &[&str]) -> String {
    let line = named.iter().rev().find(|line| line.trim_start().starts_with("Caused by: ")).or(named.first());
    let text = line.map(|line| line.trim().trim_start_matches("Caused by: ")).unwrap_or_default();
    let (class, message) = text.split_once(": ").unwrap_or((text, ""));
    let class = if class.contains(' ') { class } else { class.rsplit(['.', '$']).next().unwrap_or(class) };
    let short = if message.is_empty() { class.to_owned() } else { format!("{class}: {message}") };
    let short = short.trim_end_matches('.');
    match short.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &short[..end]),
        None => short.to_owned(),
    }
}

fn detail(named: &[&str], after: &str, until: &[char]) -> Option<String> {
    let rest = named.iter().rev().find_map(|line| line.split_once(after))?.1;
    let found = rest.split(until).next().unwrap_or(rest).trim();
    (!found.is_empty()).then(|| found.chars().take(300).collect())
}

#[cfg(test)]
mod tests;
