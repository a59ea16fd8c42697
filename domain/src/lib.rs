//! Penstock's words and rules.
//!
//! Pure: no I/O, no clock, no async. It builds for the browser and for the server, so both hold the same
//! opinion on what is valid, what is allowed and what comes next.

pub mod account;
pub mod action;
pub mod address;
pub mod args;
pub mod artifact;
pub mod database;
pub mod draft;
pub mod event;
pub mod form;
pub mod free_space;
pub mod id;
pub mod inside;
pub mod lifecycle;
pub mod memory;
pub mod name;
pub mod network;
pub mod offer;
pub mod operation;
pub mod option;
pub mod policy;
pub mod pool;
pub mod reason;
pub mod refusal;
pub mod rights;
pub mod run;
pub mod scope;
pub mod secret;
pub mod snapshot;
pub mod spec;
pub mod state;
pub mod token;
pub mod vault;
pub mod view;
