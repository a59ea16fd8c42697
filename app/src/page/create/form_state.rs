//! A form that is being filled in: what was typed, what is wrong with it, and what of that is shown.

use std::collections::HashSet;

use domain::form::{ClusterForm, Tab};
use domain::name::ClusterName;
use domain::option::OptionInfo;
use domain::pool::PoolPath;
use domain::refusal::Finding;
use domain::view::CreateContext;
use leptos::prelude::*;

use super::debounce::debounced;
use crate::api;
use crate::fields;

/// The form with everything that its fields share.
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    /// What was typed.
    pub(crate) form: RwSignal<ClusterForm>,
    /// What the pool offers.
    pub(crate) context: StoredValue<CreateContext>,
    /// Flink's options; empty until the browser has read them.
    pub(crate) options: RwSignal<Vec<OptionInfo>>,
    /// Everything that is wrong, shown or not.
    pub(crate) errors: RwSignal<Vec<Finding>>,
    /// Why the name cannot be had, with the name that was asked for.
    taken: RwSignal<(String, Option<String>)>,
    touched: RwSignal<HashSet<String>>,
    shown: Signal<Vec<Tab>>,
}

impl FormState {
    /// A form as the server knows it. In the browser it is validated again with every change.
    pub(crate) fn new(
        form: ClusterForm,
        context: CreateContext,
        errors: Vec<Finding>,
        shown: Signal<Vec<Tab>>,
    ) -> Self {
        // A name that keeps the rule and is wrong all the same is taken.
        let name = form.name.trim().to_owned();
        let keeps_rule = ClusterName::try_from(&*name).is_ok();
        let taken = errors.iter().find(|error| keeps_rule && error.field == "name");
        let taken = taken.map(|error| error.message.clone());
        let filling = Self {
            form: RwSignal::new(form),
            context: StoredValue::new(context),
            options: RwSignal::new(Vec::new()),
            errors: RwSignal::new(errors),
            taken: RwSignal::new((name, taken)),
            touched: RwSignal::new(HashSet::new()),
            shown,
        };
        Effect::new(move |before: Option<()>| {
            let errors = filling.find();
            if before.is_some() {
                filling.errors.set(errors);
            }
        });
        let early = typed_early();
        if !early.is_empty() {
            let write = move || early.iter().for_each(|(field, text)| filling.set(field, text.clone()));
            // After everything that follows the form has seen what the server wrote, so that this counts as a change.
            Effect::new(move |_| set_timeout(write.clone(), std::time::Duration::ZERO));
        }
        filling.follow_version();
        filling
    }

    /// Asks while typing whether the name is free.
    pub(crate) fn follow_name(self, pool: PoolPath) {
        let name = Memo::new(move |_| self.form.with(|form| form.name.trim().to_owned()));
        debounced(name.into(), 300, move |name: String| {
            let pool = pool.clone();
            leptos::task::spawn_local(async move {
                if let Ok(why) = api::name_taken(pool, name.clone()).await {
                    self.taken.try_set((name, why));
                }
            });
        });
    }

    /// Reads the options of the version that is chosen: once when the form is open in the browser.
    fn follow_version(self) {
        let version = Memo::new(move |_| self.form.with(|form| form.version.clone()));
        Effect::new(move |_| {
            let version = version.get();
            leptos::task::spawn_local(async move {
                if let Ok(options) = api::options(version).await {
                    self.options.try_set(options);
                }
            });
        });
    }

    fn find(self) -> Vec<Finding> {
        let form = self.form.get();
        let options = self.options.read();
        let found = self.context.with_value(|context| form.validate(&context.offer, &options));
        let mut errors = found.err().unwrap_or_default();
        let (name, why) = self.taken.get();
        if let Some(message) = why.filter(|_| name == form.name.trim()) {
            errors.insert(0, Finding { field: "name".to_owned(), message, value: name });
        }
        errors
    }

    /// The text of a field.
    pub(crate) fn get(self, field: &str) -> String {
        self.form.with(|form| fields::get(form, field))
    }

    /// Writes a field; from now on its errors are shown.
    pub(crate) fn set(self, field: &str, text: String) {
        self.touched.update(|touched| {
            touched.insert(field.to_owned());
        });
        self.form.update(|form| fields::set(form, field, text));
    }

    /// What is wrong with a field, if that is to be shown yet.
    pub(crate) fn error(self, field: &str) -> Option<String> {
        let shown = self.shown.with(|tabs| tabs.contains(&Tab::of(field)))
            || self.touched.with(|touched| touched.contains(field));
        let message = |errors: &Vec<Finding>| {
            errors.iter().find(|error| error.field == field).map(|error| error.message.clone())
        };
        if shown { self.errors.with(message) } else { None }
    }

    /// How many errors of a tab are shown; none if it was not looked at yet.
    pub(crate) fn mark(self, tab: Tab) -> Option<usize> {
        let looked_at = self.shown.with(|tabs| tabs.contains(&tab));
        let count = self.errors.with(|errors| {
            let of_tab = errors.iter().filter(|error| Tab::of(&error.field) == tab);
            of_tab
                .filter(|error| looked_at || self.touched.with(|touched| touched.contains(&error.field)))
                .count()
        });
        (looked_at || count > 0).then_some(count)
    }
}

/// What a person typed or chose on the server's page before its script ran: field and text of each control that no longer
/// holds what the server wrote. The script takes the page over with the values that the server wrote, so they are read
/// before that and written into the form after it.
#[cfg(feature = "hydrate")]
fn typed_early() -> Vec<(String, String)> {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    let takes_over = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    let controls =
        document().query_selector_all(":is(.input, [type=radio])[name^='form[']").ok().filter(|_| takes_over);
    let controls = controls.into_iter().flat_map(|all| (0..all.length()).filter_map(move |at| all.get(at)));
    let changed = controls.filter_map(|control| match control.dyn_into::<web_sys::HtmlInputElement>() {
        // Which of several is chosen, not what it stands for.
        Ok(input) if input.type_() == "radio" => {
            (input.checked() && !input.default_checked()).then(|| (input.name(), input.value()))
        }
        Ok(input) => (input.value() != input.default_value()).then(|| (input.name(), input.value())),
        Err(other) if other.has_type::<web_sys::HtmlTextAreaElement>() => {
            let area = other.unchecked_into::<web_sys::HtmlTextAreaElement>();
            area.default_value()
                .is_ok_and(|before| before != area.value())
                .then(|| (area.name(), area.value()))
        }
        Err(other) => {
            let select = other.dyn_into::<web_sys::HtmlSelectElement>().ok()?;
            let written = select.query_selector("option[selected]").ok()??.get_attribute("value")?;
            (select.value() != written).then(|| (select.name(), select.value()))
        }
    });
    changed.filter_map(|(name, text)| Some((crate::fields::named(&name)?, text))).collect()
}

#[cfg(not(feature = "hydrate"))]
fn typed_early() -> Vec<(String, String)> {
    Vec::new()
}
