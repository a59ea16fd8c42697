//! The one door: every command and every query of one person.
//!
//! The portal's pages, the REST API and the command line all come through here; every method asks
//! [`domain::policy::may`] first.

mod checks;
mod clusters;
mod creation;
mod drafts;
mod home;
mod pools;
mod readable;
mod savepoints;
mod sessions;
mod storage;
mod written;

pub use clusters::Arguments;
use domain::policy::{Actor, Permission, may};
use domain::refusal::Refusal;
pub use savepoints::SavepointUpload;

use crate::plane::ControlPlane;

/// The control plane as one person may use it.
#[derive(Clone)]
pub struct Desk {
    pub(crate) plane: ControlPlane,
    pub(crate) actor: Actor,
    /// Hash of the secret of the session by which the person asks; none for the portal itself.
    pub(crate) session: Option<String>,
}

impl Desk {
    /// Who sits here.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub(crate) fn authorize(&self, permission: Permission) -> Result<(), Refusal> {
        if may(self.actor.role, permission) {
            Ok(())
        } else {
            Err(Refusal::Forbidden(format!(
                "Your role, {:?}, does not allow this. Ask an owner.",
                self.actor.role
            )))
        }
    }
}
