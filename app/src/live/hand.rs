//! The hand of the person: while it holds the pointer's button down, what is on the page waits, so that a press arrives
//! where it was begun and a text can be selected; what is selected is not written anew.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

/// A browser tells of the click after it has told that the button is up, on a touch screen a little later.
const CLICK: Duration = Duration::from_millis(60);

/// The hand over this page, from context.
#[derive(Clone, Copy)]
pub(crate) struct Hand {
    down: RwSignal<bool>,
    presses: StoredValue<u32>,
}

impl Hand {
    /// Follows pointer and selection in the browser until the owner is gone.
    pub(crate) fn provide() {
        let hand = Self { down: RwSignal::new(false), presses: StoredValue::new(0) };
        provide_context(hand);
        Effect::new(move |_| {
            let listeners = [
                window_event_listener(ev::pointerdown, move |event| hand.press(event.button())),
                window_event_listener(ev::pointerup, move |_| hand.release(CLICK)),
                window_event_listener(ev::pointercancel, move |_| hand.release(Duration::ZERO)),
                // A button that was let go outside of the window, or over a scroll bar, tells nothing.
                window_event_listener(ev::pointermove, move |event| {
                    if event.buttons() == 0 && hand.down.get_untracked() {
                        hand.release(CLICK);
                    }
                }),
            ];
            on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
        });
    }

    /// The hand of this page.
    pub(crate) fn here() -> Self {
        expect_context::<Self>()
    }

    /// Whether it holds the button down; whoever asks is asked again when it lets go.
    pub(crate) fn holds(self) -> bool {
        self.down.get()
    }

    /// Whether text within this element is selected; whoever asks is asked again after the next press.
    pub(crate) fn selects(self, within: &web_sys::Node) -> bool {
        self.down.track();
        let selection = window().get_selection().ok().flatten().filter(|selection| !selection.is_collapsed());
        selection.is_some_and(|selection| {
            selection.contains_node_with_allow_partial_containment(within, true).unwrap_or(false)
        })
    }

    fn press(self, button: i16) {
        if button == 0 {
            self.presses.update_value(|count| *count += 1);
            self.down.set(true);
        }
    }

    fn release(self, after: Duration) {
        let press = self.presses.get_value();
        set_timeout(
            move || {
                if self.presses.try_get_value() == Some(press) && self.down.try_get_untracked() == Some(true)
                {
                    self.down.try_set(false);
                }
            },
            after,
        );
    }
}
