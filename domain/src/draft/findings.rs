//! What a validation finds: it goes on after a wrong field, so that all errors come at once.

use crate::refusal::Finding;

/// All that was found so far.
pub(super) struct Findings<'a> {
    found: Vec<Finding>,
    unread: &'a [Finding],
}

impl<'a> Findings<'a> {
    /// None so far; `unread` is what the reader of a draft could not read.
    pub(super) fn new(unread: &'a [Finding]) -> Self {
        Self { found: Vec::new(), unread }
    }

    /// One thing that is wrong with one field.
    pub(super) fn add(&mut self, field: impl Into<String>, value: &str, message: impl Into<String>) {
        let value = value.chars().take(200).collect();
        self.push(Finding { field: field.into(), message: message.into(), value });
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// A field that is needed has no value; or one that could not be read, which is the better thing to say.
    pub(super) fn missed(&mut self, finding: Finding) {
        let unread = self.unread.iter().find(|unread| unread.field == finding.field);
        self.push(unread.cloned().unwrap_or(finding));
    }

    /// The value, or its error at the field.
    pub(super) fn keep<T>(
        &mut self,
        field: &str,
        value: &str,
        result: Result<T, impl ToString>,
    ) -> Option<T> {
        match result {
            Ok(kept) => Some(kept),
            Err(rule) => {
                self.add(field, value, rule.to_string());
                None
            }
        }
    }

    /// One of what is on offer.
    pub(super) fn offered<'o, T>(
        &mut self,
        field: &str,
        what: &str,
        text: &str,
        offers: &'o [T],
        name: impl Fn(&T) -> &str,
    ) -> Option<&'o T> {
        let typed = text.trim();
        let found = offers.iter().find(|offer| name(offer) == typed);
        if found.is_none() {
            let names: Vec<&str> = offers.iter().map(&name).take(20).collect();
            let offer = match names.as_slice() {
                [] => "None is on offer in this pool; ask its owner.".to_owned(),
                names => format!("On offer: {}.", names.join(", ")),
            };
            let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let fault = if typed.is_empty() {
                format!("Choose {article} {what}. {offer}")
            } else {
                format!("There is no {what} “{}” here. {offer}", typed.chars().take(80).collect::<String>())
            };
            self.add(field, text, fault);
        }
        found
    }

    /// A text that is not longer than allowed.
    pub(super) fn short(&mut self, field: &str, text: &str, longest: usize) -> bool {
        let fits = text.len() <= longest;
        if !fits {
            self.add(field, text, format!("It has {} characters; up to {longest} are allowed.", text.len()));
        }
        fits
    }

    /// Whether the field has an error already.
    pub(super) fn has(&self, field: &str) -> bool {
        self.found.iter().any(|error| error.field == field)
    }

    /// All of them, in the order of the form.
    pub(super) fn all(self) -> Vec<Finding> {
        self.found
    }
}
