//! Lists that follow: the view of a thing is made once, for its key, shows the newest of it, and moves with it.

mod grip;

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;

use grip::Grip;

/// A view for each thing of a list.
#[component]
pub(crate) fn Each<T, N, V>(
    /// The list.
    #[prop(into)]
    of: Signal<Vec<T>>,
    /// By what a thing is known again; no two have the same.
    key: fn(&T) -> String,
    /// The view of one, which reads the newest of it.
    children: N,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    N: Fn(Signal<T>) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let kept = StoredValue::new(HashMap::<String, ArcRwSignal<T>>::new());
    let keys = move || {
        of.with(|all| {
            let mut keys = Vec::with_capacity(all.len());
            kept.update_value(|kept| {
                let mut next = HashMap::with_capacity(all.len());
                for one in all {
                    let key = key(one);
                    let signal = kept.remove(&key).unwrap_or_else(|| ArcRwSignal::new(one.clone()));
                    if signal.with_untracked(|now| now != one) {
                        signal.set(one.clone());
                    }
                    next.insert(key.clone(), signal);
                    keys.push(key);
                }
                *kept = next;
            });
            keys
        })
    };
    let one = move |key: &str| {
        let signal = kept.with_value(|kept| kept.get(key).cloned());
        signal.map(|signal| children(RwSignal::from(signal).into()).into_any()).into_any()
    };
    keyed(Arc::new(keys), Arc::new(one))
}

/// The same for every kind of thing, so that its code is there once.
fn keyed(
    keys: Arc<dyn Fn() -> Vec<String> + Send + Sync>,
    one: Arc<dyn Fn(&str) -> AnyView + Send + Sync>,
) -> AnyView {
    let order = StoredValue::new(Vec::<String>::new());
    let keys = move || {
        let keys = keys();
        let before = order.try_update_value(|order| std::mem::replace(order, keys.clone()));
        if before.is_some_and(|before| moves(&before, &keys)) {
            Grip::keep();
        }
        keys
    };
    view! { <For each=keys key=String::clone children=move |key| one(&key)/> }.into_any()
}

/// Whether something that stays changes its place among those that stay.
fn moves(before: &[String], now: &[String]) -> bool {
    let mut stay = now.iter().filter(|key| before.contains(key));
    before.iter().filter(|key| now.contains(key)).any(|key| stay.next() != Some(key))
}

#[cfg(test)]
mod tests {
    use super::moves;

    fn keys(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    #[test]
    fn what_comes_and_goes_moves_nothing() {
        assert!(!moves(&keys("abc"), &keys("xabyc")));
        assert!(!moves(&keys("abc"), &keys("ac")));
        assert!(!moves(&keys(""), &keys("ab")));
        assert!(moves(&keys("abc"), &keys("cab")));
        assert!(moves(&keys("abc"), &keys("xca")));
    }
}
