//! The jar that the form names, opened: size, Flink, Java, the classes that have a `main`; and the savepoints there
//! are to start from.

use domain::artifact::Artifact;
use domain::view::{Entry, JarView};
use leptos::prelude::*;

use super::{FormState, debounced};
use crate::api;
use crate::part::Icon;
use crate::words;

/// What was seen of the jar.
#[derive(Clone, Debug, PartialEq)]
enum Observation {
    /// No address yet.
    Nothing,
    /// It is being opened.
    Looking,
    /// It is a jar.
    Jar(JarView),
    /// It cannot be opened; why.
    Refused(String),
}

/// The jar and the savepoints that the form's addresses lead to.
#[derive(Clone, Copy)]
pub(crate) struct JarLook {
    seen: RwSignal<Observation>,
    /// Savepoints to start from, newest first.
    pub(crate) savepoints: RwSignal<Vec<Entry>>,
}

impl JarLook {
    /// As the server saw them; in the browser they follow the form.
    pub(crate) fn new(
        filling: FormState,
        jar: Option<Result<JarView, String>>,
        savepoints: Vec<Entry>,
    ) -> Self {
        let seen = match jar {
            None => Observation::Nothing,
            Some(Ok(jar)) => Observation::Jar(jar),
            Some(Err(why)) => Observation::Refused(why),
        };
        let look = Self { seen: RwSignal::new(seen), savepoints: RwSignal::new(savepoints) };
        let address = Memo::new(move |_| filling.get("jar").trim().to_owned());
        debounced(address.into(), 300, move |address: String| look.open(address));
        let place = Memo::new(move |_| (filling.get("account"), filling.get("container")));
        debounced(place.into(), 300, move |(account, container)| {
            leptos::task::spawn_local(async move {
                if let Ok(found) = api::savepoints_in(account, container).await {
                    look.savepoints.try_set(found);
                }
            });
        });
        look
    }

    fn open(self, address: String) {
        if domain::address::Address::parse(&address).is_err() {
            self.seen.set(Observation::Nothing); // the field says itself what is wrong with an address
            return;
        }
        self.seen.set(Observation::Looking);
        leptos::task::spawn_local(async move {
            self.seen.try_set(match api::jar(address).await {
                Ok(jar) => Observation::Jar(jar),
                Err(error) => Observation::Refused(error.to_string()),
            });
        });
    }

    /// The bytes that its address leads to now; none while it is opened, or if it cannot be.
    pub(crate) fn artifact(self) -> Option<Artifact> {
        self.seen.with(|seen| match seen {
            Observation::Jar(jar) => Some(jar.artifact()),
            Observation::Nothing | Observation::Looking | Observation::Refused(_) => None,
        })
    }

    /// The classes with a `main`, the manifest's first.
    pub(crate) fn mains(self) -> Vec<String> {
        self.seen.with(|seen| match seen {
            Observation::Jar(jar) => {
                let named = jar.manifest_main.iter().cloned();
                named
                    .chain(jar.mains.iter().filter(|main| Some(*main) != jar.manifest_main.as_ref()).cloned())
                    .collect()
            }
            _ => Vec::new(),
        })
    }

    /// What the entry class may be.
    pub(crate) fn entry_hint(self) -> Option<String> {
        self.seen.with(|seen| {
            let Observation::Jar(jar) = seen else { return None };
            let others: Vec<&str> = jar
                .mains
                .iter()
                .filter(|main| Some(*main) != jar.manifest_main.as_ref())
                .map(String::as_str)
                .collect();
            Some(match (&jar.manifest_main, others.as_slice()) {
                (Some(main), []) => format!("The manifest names {main}."),
                (Some(main), [other]) => format!("The manifest names {main}; {other} is the other."),
                (Some(main), many) => {
                    format!("The manifest names {main}; {} others have a main.", many.len())
                }
                (None, []) => "No class of this jar has a main.".to_owned(),
                (None, [one]) => format!("The manifest names none; {one} has a main."),
                (None, many) => {
                    format!("The manifest names none; {} classes have a main: choose one.", many.len())
                }
            })
        })
    }

    /// What was seen, below the jar's address.
    pub(crate) fn line(self) -> AnyView {
        match self.seen.get() {
            Observation::Nothing => ().into_any(),
            Observation::Looking => view! { <p class="hint move">"Opening the jar…"</p> }.into_any(),
            Observation::Refused(why) => {
                view! { <p class="hint warn" role="status"><Icon name="warn"/>{why}</p> }.into_any()
            }
            Observation::Jar(jar) => {
                view! { <p class="hint good" role="status"><Icon name="check"/>{about(&jar)}</p> }.into_any()
            }
        }
    }
}

/// `48 MB, built for Flink 1.20, Java 17. 2 classes with a main.`
fn about(jar: &JarView) -> String {
    let flink = jar.flink.as_ref().map(|flink| format!("built for Flink {flink}, ")).unwrap_or_default();
    let mains = words::count(jar.mains.len(), "class", "classes");
    format!("{}, {flink}needs Java {} or newer. {mains} with a main.", words::bytes(jar.size), jar.java)
}
