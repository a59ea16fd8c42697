//! What Flink's parser says of the script while it is written.

use leptos::prelude::*;

use super::{FormState, debounced};
use crate::api;
use crate::part::Icon;

/// What was said of it last.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    /// Nothing yet.
    Nothing,
    /// It is being read.
    Reading,
    /// The parser finds nothing wrong.
    Right,
    /// What is wrong, with line and column.
    Wrong(String),
    /// Flink could not be asked.
    NotKnown(String),
}

/// The script as Flink's parser sees it. In the browser it follows the form.
#[derive(Clone, Copy)]
pub(super) struct ScriptLook(RwSignal<Said>);

impl ScriptLook {
    pub(super) fn new(filling: FormState) -> Self {
        let look = Self(RwSignal::new(Said::Nothing));
        let script = Memo::new(move |_| {
            filling.form.with(|form| if form.is_script() { form.sql.clone() } else { String::new() })
        });
        debounced(script.into(), 700, move |asked: String| {
            if asked.trim().is_empty() {
                look.0.set(Said::Nothing);
                return;
            }
            look.0.set(Said::Reading);
            leptos::task::spawn_local(async move {
                let said = match api::parse_sql(asked.clone()).await {
                    Ok(None) => Said::Right,
                    Ok(Some(wrong)) => Said::Wrong(wrong),
                    Err(error) => Said::NotKnown(error.to_string()),
                };
                // Of what was typed since, another answer is on its way.
                if script.try_get_untracked() == Some(asked) {
                    look.0.try_set(said);
                }
            });
        });
        look
    }

    /// Below the script.
    pub(super) fn line(self) -> AnyView {
        match self.0.get() {
            Said::Nothing => ().into_any(),
            Said::Reading => view! { <p class="hint move">"Flink's parser reads it…"</p> }.into_any(),
            Said::Right => view! {
                <p class="hint good" role="status">
                    <Icon name="check"/>"Flink's parser finds nothing wrong. Review asks its planner, with the tables."
                </p>
            }
            .into_any(),
            Said::Wrong(wrong) => {
                view! { <p class="error" role="status"><Icon name="warn"/>{wrong}</p> }.into_any()
            }
            Said::NotKnown(why) => {
                view! { <p class="hint warn" role="status"><Icon name="warn"/>{why}</p> }.into_any()
            }
        }
    }
}
