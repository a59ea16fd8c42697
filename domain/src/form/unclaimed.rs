//! Whether a job goes on without the state that none of its operators takes: an option among the form's, and a choice
//! on the update's page. The option itself: [`crate::option`].

use super::ClusterForm;
use crate::draft::Pair;
use crate::option::{IGNORE_UNCLAIMED_STATE, IGNORES_UNCLAIMED_STATE as KEYS};

impl ClusterForm {
    /// Whether its options say so.
    pub fn ignores_unclaimed_state(&self) -> bool {
        self.options.iter().any(|row| KEYS.contains(&row.key.trim()) && row.value.trim() == "true")
    }

    /// Makes its options say so, or not.
    pub fn set_ignores_unclaimed_state(&mut self, ignores: bool) {
        self.options.retain(|row| !KEYS.contains(&row.key.trim()));
        if ignores {
            let (key, value) = (IGNORE_UNCLAIMED_STATE.to_owned(), "true".to_owned());
            self.options.push(Pair { key, value });
        }
    }

    /// The same by a check box that a form without script posts: only if it was changed since it was shown, for the
    /// option can be typed as well.
    pub fn choose_unclaimed(&mut self, was: bool, is: bool) {
        if was != is {
            self.set_ignores_unclaimed_state(is);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::option::ignores_unclaimed_state;

    #[test]
    fn the_choice_is_the_option_by_either_name() {
        let row = |key: &str, value: &str| Pair { key: key.to_owned(), value: value.to_owned() };
        let mut form = ClusterForm { options: vec![row("a.b", "true")], ..ClusterForm::default() };
        assert!(!form.ignores_unclaimed_state());
        form.set_ignores_unclaimed_state(true);
        assert_eq!(form.options, [row("a.b", "true"), row(KEYS[0], "true")]);
        form.options[1] = row(KEYS[1], " true ");
        assert!(form.ignores_unclaimed_state());
        let options = form.options.iter().map(|row| (row.key.clone(), row.value.clone())).collect();
        assert!(ignores_unclaimed_state(&options));
        form.set_ignores_unclaimed_state(true);
        assert_eq!(form.options.len(), 2, "one row, not two");
        form.set_ignores_unclaimed_state(false);
        assert_eq!(form.options, [row("a.b", "true")]);
        form.choose_unclaimed(false, true);
        form.choose_unclaimed(false, false);
        assert!(form.ignores_unclaimed_state(), "what was typed stays");
        form.choose_unclaimed(true, false);
        assert!(!form.ignores_unclaimed_state());
        assert!(!ignores_unclaimed_state(&BTreeMap::from([(KEYS[0].to_owned(), "false".to_owned())])));
    }
}
