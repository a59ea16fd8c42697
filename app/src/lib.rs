//! What people see: pages, parts and server functions, one source for the server's face and the browser's.
//!
//! It owns HTML, routes and what a page asks; it leaves every decision to `domain` and every fact to the
//! orchestrator's desk.
#![recursion_limit = "512"]
// `#[component]` makes the properties of every component public, also those of components that are not.
#![allow(unreachable_pub)]

mod api;
mod clock;
mod fields;
mod frame;
mod live;
mod navigation;
mod page;
mod part;
mod paths;
mod route;
mod shell;
mod warnings;
mod words;

pub use paths::{TOKENS, pool, uploaded};
pub use route::{App, LaterFiles, ready};
pub use shell::{made_token, mishap, shell};
pub use warnings::Warnings;
