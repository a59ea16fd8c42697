//! What a validation finds: it goes on after a wrong field, so that all errors come at once.

use std::str::FromStr;

use crate::refusal::FieldError;

/// All that was found so far.
#[derive(Default)]
pub(super) struct Findings(Vec<FieldError>);

impl Findings {
    /// One thing that is wrong with one field.
    pub(super) fn add(&mut self, field: impl Into<String>, value: &str, message: impl Into<String>) {
        let value = value.chars().take(200).collect();
        self.0.push(FieldError { field: field.into(), message: message.into(), value });
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

    /// A number within limits.
    pub(super) fn number<T: FromStr + PartialOrd + Copy>(
        &mut self,
        field: &str,
        text: &str,
        fits: impl Fn(T) -> bool,
        takes: &str,
    ) -> Option<T> {
        let typed = text.trim();
        let fault = match typed.parse::<T>() {
            Ok(number) if fits(number) => return Some(number),
            _ if typed.is_empty() => format!("It is empty. {takes}"),
            Ok(_) => format!("“{typed}” is out of range. {takes}"),
            Err(_) if typed.bytes().all(|b| b.is_ascii_digit()) => {
                format!("“{typed}” is out of range. {takes}")
            }
            Err(_) if "0.5".parse::<T>().is_err() => format!("“{typed}” is not a whole number. {takes}"),
            Err(_) => format!("“{typed}” is not a number. {takes}"),
        };
        self.add(field, text, fault);
        None
    }

    /// One of what is on offer.
    pub(super) fn offered<'a, T>(
        &mut self,
        field: &str,
        what: &str,
        text: &str,
        offers: &'a [T],
        name: impl Fn(&T) -> &str,
    ) -> Option<&'a T> {
        let typed = text.trim();
        let found = offers.iter().find(|offer| name(offer) == typed);
        if found.is_none() {
            let names: Vec<&str> = offers.iter().map(&name).take(20).collect();
            let offer = match names.as_slice() {
                [] => "None is on offer in this pool; ask its owner.".to_owned(),
                names => format!("On offer: {}.", names.join(", ")),
            };
            let fault = if typed.is_empty() {
                format!("Choose a {what}. {offer}")
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
        self.0.iter().any(|error| error.field == field)
    }

    /// All of them, in the order of the form.
    pub(super) fn into_errors(self) -> Vec<FieldError> {
        self.0
    }
}
