//! The parts that pages are made of, one to a file: each writes the HTML that the style sheet expects.
//!
//! A part knows no page and asks no server: it is given the answer, or the error, that a page got.

mod chips;
mod code;
mod command_bar;
mod copy;
mod crumbs;
mod dialog;
mod diff;
mod each;
mod empty;
mod events;
mod facts;
mod failure;
mod field;
mod follow;
mod icon;
mod notice;
mod pager;
mod plot;
mod since;
mod spark;
mod status;
mod steps;
mod tabs;
mod timeline;
mod toast;
mod trouble;
mod waiting;

pub(crate) use chips::{Chip, TextFilter, Typing};
pub(crate) use code::Code;
pub(crate) use command_bar::Command;
pub(crate) use copy::Copy;
pub(crate) use crumbs::{Crumbs, PageHead};
pub(crate) use dialog::Dialog;
pub(crate) use diff::Diff;
pub(crate) use each::Each;
pub(crate) use empty::Empty;
pub(crate) use events::{Events, OperationLines};
pub(crate) use facts::{Fact, Facts};
pub(crate) use failure::{Exception, Failure};
pub(crate) use field::{Check, Field};
pub(crate) use follow::Follow;
pub(crate) use icon::{Icon, icon_of};
pub(crate) use notice::Notice;
pub(crate) use pager::{LiveSign, Pager, Range};
pub(crate) use plot::PlotCard;
pub(crate) use since::{Ago, Moment, Since};
pub(crate) use spark::Spark;
pub(crate) use status::{Status, StatusSize, job_status};
pub(crate) use steps::Steps;
pub(crate) use tabs::{Tab, Tabs};
pub(crate) use timeline::TimelineCard;
pub(crate) use toast::{Say, Toasts, provide_toasts};
pub(crate) use trouble::{Declined, Trouble, not_done};
pub(crate) use waiting::Waiting;
