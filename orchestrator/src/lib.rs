//! The control plane: what stands between a person's wish and real Flink.
//!
//! ```text
//! Desk (who is asking, may they) -> command: intent + operation + audit row, one transaction
//!                                       | wake (a hint)
//! reconciler: queue, who is due -> provider.observe -> decide (pure) -> record phase + event -> provider.act
//!                                       | changes (a hint)
//! live: browsers fetch again what they show
//! ```

pub mod clock;
mod command;
mod config;
pub mod confine;
pub mod desk;
mod error;
pub mod file;
mod fits;
pub mod flink;
mod health;
pub mod jar;
mod java;
mod lock;
pub mod machine;
mod measure;
pub mod plane;
mod preflight;
pub mod probe;
pub mod provider;
mod reconciler;
mod retention;
pub mod sampler;
mod seal;
mod sign_in;
pub mod storage;
pub mod store;
#[cfg(test)]
mod tests;
pub mod vault;

pub use config::PlaneConfig;
pub use desk::Desk;
pub use error::OpenError;
pub use lock::DataLock;
pub use plane::{ControlPlane, Session, end_all, is_data_folder, new_link, new_token};
pub use retention::Retention;
pub use sign_in::{Origin, SessionLimits};
pub use store::seed::first_pool;
