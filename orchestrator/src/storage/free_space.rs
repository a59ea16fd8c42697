//! How much the accounts hold. Counting goes over every file, so what was counted serves for a while, and what the
//! portal itself adds is added to it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::free_space::FreeSpace;
use domain::name::AccountName;

use super::{Storage, StorageError, disk};
use crate::file;

/// For how long a count serves, at least; and for so many times as long as it took.
const FRESH: Duration = Duration::from_secs(20);
const TIMES: u32 = 20;

/// What is known of the accounts' sizes.
#[derive(Debug, Default)]
pub(super) struct Usage(Mutex<HashMap<AccountName, Figure>>);

#[derive(Clone, Copy, Debug, Default)]
struct Figure {
    counted: u64,
    until: Option<Instant>,
    under_way: u64,
}

/// What an account may hold, and what counts against that beside its files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowance {
    /// Bytes; none for as much as its disk.
    pub quota: Option<u64>,
    /// Bytes of jars that are kept for revisions which have them from it.
    pub kept: u64,
}

/// An upload's share of what is under way. Taken back when it ends, however it ends.
pub(super) struct Growing {
    usage: Arc<Usage>,
    account: AccountName,
    taken: u64,
}

impl Storage {
    /// The room of an account with this allowance.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn free_space(
        &self,
        account: &AccountName,
        allowance: Allowance,
    ) -> Result<FreeSpace, StorageError> {
        let Allowance { quota, kept } = allowance;
        if self.remotes.get(account).is_some() {
            // Nobody counts what lies behind a network, and its server tells of no end.
            return Ok(FreeSpace { used: kept, quota: None, ..FreeSpace::default() });
        }
        let found = rustix::fs::statvfs(&self.root).map_err(|error| disk(account, &error.into()))?;
        let blocks = |number: u64| number.saturating_mul(found.f_frsize);
        // What the system keeps for root is nobody's to use.
        let whole = found.f_blocks.saturating_sub(found.f_bfree).saturating_add(found.f_bavail);
        Ok(FreeSpace {
            used: self.used(account)?.saturating_add(kept),
            quota,
            free: blocks(found.f_bavail),
            disk: blocks(whole),
        })
    }

    fn used(&self, account: &AccountName) -> Result<u64, StorageError> {
        let known = self.usage.lock().get(account).copied().unwrap_or_default();
        if known.until.is_some_and(|until| Instant::now() < until) {
            return Ok(known.counted + known.under_way);
        }
        let began = Instant::now();
        let folder = self.root.join(account.as_str());
        let counted = match file::size(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            counted => counted.map_err(|error| disk(account, &error))?,
        };
        let mut usage = self.usage.lock();
        let figure = usage.entry(account.clone()).or_default();
        figure.counted = counted;
        figure.until = Some(Instant::now() + FRESH.max(began.elapsed() * TIMES));
        Ok(counted + figure.under_way)
    }

    /// The next who asks counts anew.
    pub(super) fn count_anew(&self, account: &AccountName) {
        if let Some(figure) = self.usage.lock().get_mut(account) {
            figure.until = None;
        }
    }

    /// An upload begins.
    pub(super) fn growing(&self, account: &AccountName) -> Growing {
        Growing { usage: self.usage.clone(), account: account.clone(), taken: 0 }
    }
}

impl Growing {
    /// The upload has grown; what the account holds with it and with all others under way.
    pub(super) fn by(&mut self, bytes: usize) -> u64 {
        self.taken += bytes as u64;
        let mut usage = self.usage.lock();
        let figure = usage.entry(self.account.clone()).or_default();
        figure.under_way += bytes as u64;
        figure.counted + figure.under_way
    }

    /// What was under way is there.
    pub(super) fn done(&self) {
        if let Some(figure) = self.usage.lock().get_mut(&self.account) {
            figure.counted += self.taken;
        }
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        if let Some(figure) = self.usage.lock().get_mut(&self.account) {
            figure.under_way = figure.under_way.saturating_sub(self.taken);
        }
    }
}

impl Usage {
    fn lock(&self) -> MutexGuard<'_, HashMap<AccountName, Figure>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
