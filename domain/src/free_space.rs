//! How much a storage account holds and may hold, and when that is too much for anything new.

use serde::{Deserialize, Serialize};

/// What must be left, of the disk and of a quota, before something new may come: what runs goes on writing its state.
const RESERVE: f64 = 0.05;

/// A storage account's room, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeSpace {
    /// What it holds: jars, savepoints, checkpoints, and uploads under way.
    pub used: u64,
    /// What it may hold; none for as much as its disk.
    pub quota: Option<u64>,
    /// What is free on its disk.
    pub free: u64,
    /// The whole disk, as far as the portal may use it.
    pub disk: u64,
}

impl FreeSpace {
    /// Why nothing is uploaded and no cluster created any more, with the sum and the way out; none while there is room.
    pub fn too_little(&self, account: &str) -> Option<String> {
        let disk = share(self.free, self.disk);
        if disk < RESERVE {
            return Some(format!(
                "{} of {} are free on the disk, that is {}; below 5 % nothing is uploaded and no cluster is created, for \
                 those that run go on writing. Delete what nobody needs, or make the disk larger.",
                size(self.free),
                size(self.disk),
                percent(disk)
            ));
        }
        let quota = self.quota?;
        let left = quota.saturating_sub(self.used);
        (share(left, quota) < RESERVE).then(|| {
            format!(
                "The storage account {account} holds {} of {}, its quota: {} are left, that is {}; below 5 % nothing is \
                 uploaded and no cluster is created. Delete what nobody needs in it, or ask an owner for more.",
                size(self.used),
                size(quota),
                size(left),
                percent(share(left, quota))
            )
        })
    }

    /// Whether an upload that has brought it this far may still go on. It may use up the quota, but not the disk.
    pub fn overrun(&self, account: &str) -> Option<String> {
        match self.quota {
            Some(quota) if self.used > quota => Some(format!(
                "With this file the storage account {account} would hold more than {}, its quota. Delete what nobody \
                 needs in it, or ask an owner for more.",
                size(quota)
            )),
            _ => Self { quota: None, ..*self }.too_little(account),
        }
    }
}

/// A quota as a person types it, in GB: its bytes; none for an empty text, which takes the quota off.
///
/// # Errors
/// The sentence that says what it may be.
pub fn quota(text: &str) -> Result<Option<u64>, String> {
    let text = text.trim().trim_end_matches("GB").trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let refused = || {
        format!(
            "“{text}” is no quota. Write GB, from 0.001 to 1000000, such as 250; or nothing, for no quota."
        )
    };
    let gigabytes: f64 = text.parse().map_err(|_| refused())?;
    if !(0.001..=1e6).contains(&gigabytes) {
        return Err(refused());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was just seen to fit")]
    Ok(Some((gigabytes * 1e9).round() as u64))
}

/// A quota as a person types it: `250`, `0.5`; empty without one.
#[expect(clippy::cast_precision_loss, reason = "it was typed")]
pub fn quota_text(quota: Option<u64>) -> String {
    quota.map(|bytes| (bytes as f64 / 1e9).to_string()).unwrap_or_default()
}

/// Nothing of nothing is enough: a disk that does not tell its size is not held against anybody.
#[expect(clippy::cast_precision_loss, reason = "a share needs two digits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// `7.1 GB`, `252 GB`, `512 kB`, of 1,000 each.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn size(bytes: u64) -> String {
    let (number, unit) = match bytes {
        0..1_000_000 => (bytes as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (bytes as f64 / 1e6, "MB"),
        _ => (bytes as f64 / 1e9, "GB"),
    };
    if number < 100.0 && number.fract() != 0.0 {
        format!("{number:.1} {unit}")
    } else {
        format!("{number:.0} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1_000_000_000;

    #[test]
    fn little_room_is_said_with_the_sum() {
        let room = FreeSpace { used: 0, quota: None, free: 7_100_000_000, disk: 252 * GB };
        let why = room.too_little("lake").expect("too little");
        assert!(why.starts_with("7.1 GB of 252 GB are free on the disk, that is 2.8 %; below 5 %"), "{why}");
        assert_eq!(FreeSpace { free: 13 * GB, ..room }.too_little("lake"), None);
        assert_eq!(FreeSpace::default().too_little("lake"), None);
        let room = FreeSpace { used: 97 * GB, quota: Some(100 * GB), free: 200 * GB, disk: 252 * GB };
        let why = room.too_little("lake").expect("too little");
        assert!(
            why.starts_with(
                "The storage account lake holds 97 GB of 100 GB, its quota: 3 GB are left, that is 3.0 %;"
            ),
            "{why}"
        );
        assert_eq!(FreeSpace { used: 95 * GB, ..room }.too_little("lake"), None);
    }

    #[test]
    fn a_quota_is_typed_in_gigabytes() {
        for (text, bytes) in
            [("", None), (" 250 ", Some(250 * GB)), ("0.5 GB", Some(GB / 2)), ("0.001", Some(1_000_000))]
        {
            assert_eq!(quota(text), Ok(bytes));
            assert_eq!(quota(&quota_text(bytes)), Ok(bytes));
        }
        for text in ["0", "-1", "much", "1e99", "NaN", "inf", "1,5"] {
            assert!(quota(text).expect_err(text).contains("is no quota. Write GB"), "{text}");
        }
    }

    /// A person who was let in may fill the quota; nobody may fill the disk.
    #[test]
    fn an_upload_under_way_may_use_the_quota_but_not_the_disk() {
        let room = FreeSpace { used: 100 * GB, quota: Some(100 * GB), free: 200 * GB, disk: 252 * GB };
        assert_eq!(room.overrun("lake"), None);
        let why = FreeSpace { used: 100 * GB + 1, ..room }.overrun("lake").expect("too much");
        assert!(
            why.starts_with("With this file the storage account lake would hold more than 100 GB"),
            "{why}"
        );
        assert!(
            FreeSpace { free: GB, ..room }
                .overrun("lake")
                .expect("too much")
                .starts_with("1 GB of 252 GB are free")
        );
    }
}
