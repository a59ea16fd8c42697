//! What was typed, as a page's address holds it: `form[options][0][key]=…`.

use domain::form::{ClusterForm, MOST_OPTIONS};
use leptos_router::params::ParamsMap;

use crate::fields::{self, Rows};

/// The form in an address; none if there is none.
pub(super) fn form(query: &ParamsMap) -> Option<ClusterForm> {
    let mut form = ClusterForm::default();
    let mut found = false;
    for (name, value) in query.clone() {
        let Some(field) = fields::named(&name) else { continue };
        found = true;
        if let Some(row) = row(&field) {
            let rows = Rows::Options.of(&mut form);
            if row < MOST_OPTIONS && rows.len() <= row {
                rows.resize_with(row + 1, Default::default);
            }
        }
        fields::set(&mut form, &field, value);
    }
    found.then_some(form)
}

fn row(field: &str) -> Option<usize> {
    field.strip_prefix("options[")?.split(']').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_a_form() {
        let mut query = ParamsMap::new();
        query.insert("stateless", "1".into());
        assert!(form(&query).is_none());
        query.insert("form[jar]", "j".into());
        query.insert("form[options][1][key]", "k".into());
        query.insert("form[options][99999999][key]", "far".into());
        let form = form(&query).expect("there is one");
        assert_eq!(form.jar, "j");
        assert_eq!(form.options.len(), 2);
        assert_eq!(form.options[1].key, "k");
    }
}
