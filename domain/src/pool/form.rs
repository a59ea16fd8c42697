//! A pool as it is typed, and as it is meant: its region, quota, prices, versions, sizes and what its clusters may use.

use serde::{Deserialize, Serialize};

use crate::name::{PoolName, SizeName};
use crate::offer::{NodeSize, Version};
use crate::refusal::Finding;

/// More sizes than this help nobody to choose.
pub const MOST_SIZES: usize = 50;

/// A pool's form: everything is text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolForm {
    /// Its name.
    pub name: String,
    /// Where it is, in words.
    pub region: String,
    /// Cores that its clusters may have together; empty for as many as there are.
    pub cpu: String,
    /// Memory that they may have together, GB; empty for as much as there is.
    pub memory: String,
    /// How many clusters it may have; empty for any number.
    pub clusters: String,
    /// What prices are in: `EUR`.
    pub currency: String,
    /// Cluster versions that it offers, separated by commas.
    pub versions: String,
    /// Storage accounts that its clusters may use, separated by commas; empty for all.
    pub accounts: String,
    /// Its node sizes.
    pub sizes: Vec<SizeRow>,
}

/// A node size as it is typed. A row without a name is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SizeRow {
    /// `Standard_D2`.
    pub name: String,
    /// Cores.
    pub cpu: String,
    /// Memory, MB.
    pub memory: String,
    /// Price per hour; empty where nothing is counted.
    pub price: String,
}

/// What the clusters of a pool may have together; none is as much as there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Thousandths of cores.
    pub cpu_milli: Option<u64>,
    /// MB.
    pub memory_mb: Option<u64>,
    /// How many clusters.
    pub clusters: Option<u32>,
}

/// A pool as it is meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolSpec {
    /// Its name.
    pub name: PoolName,
    /// Where it is, in words.
    pub region: String,
    /// What its clusters may have together.
    pub quota: Quota,
    /// What prices are in; empty where nothing is counted.
    pub currency: String,
    /// Cluster versions that it offers.
    pub versions: Vec<Version>,
    /// Storage accounts that its clusters may use; empty for all.
    pub accounts: Vec<String>,
    /// Its node sizes.
    pub sizes: Vec<NodeSize>,
}

impl PoolForm {
    /// What is typed, held against the versions that can be offered and the storage accounts that there are.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its field.
    pub fn read(&self, versions: &[Version], accounts: &[String]) -> Result<PoolSpec, Vec<Finding>> {
        let mut wrong = Wrong(Vec::new());
        let name = PoolName::try_from(self.name.trim());
        let name = name.map_err(|rule| wrong.add("name", &self.name, rule)).ok();
        let region = self.region.trim();
        if region.is_empty() || region.chars().count() > 64 || region.chars().any(char::is_control) {
            wrong.add("region", region, "A region has 1 to 64 characters, such as this machine.");
        }
        let quota = Quota {
            cpu_milli: wrong
                .number("cpu", &self.cpu, 1.0..=1_000_000.0)
                .map(|cores| milli(cores).unsigned_abs()),
            memory_mb: wrong
                .number("memory", &self.memory, 1.0..=1_000_000_000.0)
                .map(|gb| milli(gb * 1024.0).unsigned_abs() / 1000),
            clusters: wrong.number("clusters", &self.clusters, 0.0..=100_000.0).map(whole),
        };
        let currency = self.currency.trim();
        let word = currency.len() == 3 && currency.chars().all(|c| c.is_ascii_uppercase());
        if !currency.is_empty() && !word {
            wrong.add(
                "currency",
                currency,
                "A currency has three capital letters, such as EUR. Leave it empty where nothing is counted.",
            );
        }
        let offered = wrong.chosen("versions", &self.versions, versions, |version| &version.version);
        if offered.is_empty() {
            wrong.add(
                "versions",
                "",
                format!("Name at least one: {}.", names(versions.iter().map(|one| &one.version))),
            );
        }
        let accounts = wrong.chosen("accounts", &self.accounts, accounts, |name| name);
        let sizes = wrong.sizes(&self.sizes);
        match (name, wrong.0) {
            (Some(name), wrong) if wrong.is_empty() => Ok(PoolSpec {
                name,
                region: region.to_owned(),
                quota,
                currency: currency.to_owned(),
                versions: offered.into_iter().cloned().collect(),
                accounts: accounts.into_iter().cloned().collect(),
                sizes,
            }),
            (_, wrong) => Err(wrong),
        }
    }
}

impl From<&PoolSpec> for PoolForm {
    fn from(spec: &PoolSpec) -> Self {
        let optional = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let versions: Vec<&str> = spec.versions.iter().map(|one| one.version.as_str()).collect();
        PoolForm {
            name: spec.name.to_string(),
            region: spec.region.clone(),
            cpu: optional(spec.quota.cpu_milli.map(thousandth)),
            memory: optional(spec.quota.memory_mb.map(|mb| thousandth(mb * 1000) / 1024.0)),
            clusters: optional(spec.quota.clusters.map(f64::from)),
            currency: spec.currency.clone(),
            versions: versions.join(", "),
            accounts: spec.accounts.join(", "),
            sizes: spec.sizes.iter().map(row).collect(),
        }
    }
}

fn row(size: &NodeSize) -> SizeRow {
    SizeRow {
        name: size.name.clone(),
        cpu: size.cpu.to_string(),
        memory: size.memory_mb.to_string(),
        price: size.price.map(|price| price.to_string()).unwrap_or_default(),
    }
}

/// What is wrong so far.
struct Wrong(Vec<Finding>);

impl Wrong {
    fn add(&mut self, field: &str, value: &str, message: impl Into<String>) {
        self.0.push(Finding { field: field.to_owned(), message: message.into(), value: value.to_owned() });
    }

    /// A number that may be left out.
    fn number(&mut self, field: &str, typed: &str, within: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let read = typed.parse().ok().filter(|number| within.contains(number));
        if read.is_none() {
            let (from, to) = (within.start(), within.end());
            self.add(
                field,
                typed,
                format!("“{typed}” is no number from {from} to {to}. Write one, such as 4."),
            );
        }
        read
    }

    /// What is named of a list.
    fn chosen<'a, T>(
        &mut self,
        field: &str,
        typed: &str,
        of: &'a [T],
        name: impl Fn(&T) -> &String,
    ) -> Vec<&'a T> {
        let mut found: Vec<&T> = Vec::new();
        for word in typed.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match of.iter().find(|one| name(one) == word) {
                Some(one) if !found.iter().any(|other| name(other) == word) => found.push(one),
                Some(_) => {}
                None => self.add(
                    field,
                    word,
                    format!("There is no {word} here. There is: {}.", names(of.iter().map(&name))),
                ),
            }
        }
        found
    }

    fn sizes(&mut self, rows: &[SizeRow]) -> Vec<NodeSize> {
        let mut sizes: Vec<NodeSize> = Vec::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.name.trim().is_empty()) {
            let field = |side: &str| format!("sizes[{at}].{side}");
            let name = row.name.trim();
            if let Err(rule) = SizeName::try_from(name) {
                self.add(&field("name"), name, rule);
            }
            if sizes.iter().any(|size| size.name == name) {
                self.add(
                    &field("name"),
                    name,
                    format!("There are two sizes {name}. Give one of them another name."),
                );
            }
            let missing =
                |typed: &str| if typed.trim().is_empty() { "0".to_owned() } else { typed.to_owned() };
            let cpu = self.number(&field("cpu"), &missing(&row.cpu), 0.5..=1024.0);
            let memory =
                self.number(&field("memory"), &missing(&row.memory), 1800.0..=4_194_304.0).map(whole);
            let price = self.number(&field("price"), &row.price, 0.0..=1_000_000.0);
            if let (Some(cpu), Some(memory_mb)) = (cpu, memory) {
                sizes.push(NodeSize { name: name.to_owned(), cpu, memory_mb, price });
            }
        }
        if sizes.is_empty() && !self.0.iter().any(|wrong| wrong.field.starts_with("sizes")) {
            self.add("sizes[0].name", "", "A cluster stands on nodes: name at least one size.");
        }
        if sizes.len() > MOST_SIZES {
            self.add(
                "sizes[0].name",
                "",
                format!("These are {} sizes; a pool has {MOST_SIZES} at most.", sizes.len()),
            );
        }
        sizes
    }
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[allow(clippy::cast_possible_truncation)] // It was held against its bounds.
fn milli(number: f64) -> i64 {
    (number * 1000.0).round() as i64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It was held against its bounds.
fn whole(number: f64) -> u32 {
    number as u32
}

#[allow(clippy::cast_precision_loss)] // No pool has so much.
fn thousandth(number: u64) -> f64 {
    number as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions() -> [Version; 2] {
        ["1.2.1", "1.2.2"].map(|version| Version {
            version: version.into(),
            flink: "1.20.5".into(),
            java: 17,
        })
    }

    fn form() -> PoolForm {
        let size = |name: &str, price: &str| SizeRow {
            name: name.into(),
            cpu: "2".into(),
            memory: "8192".into(),
            price: price.into(),
        };
        PoolForm {
            name: "prod-west".into(),
            region: "this machine".into(),
            cpu: "6.5".into(),
            memory: "24".into(),
            clusters: "12".into(),
            currency: "EUR".into(),
            versions: "1.2.2, 1.2.1".into(),
            accounts: "lake".into(),
            sizes: vec![size("Standard_D2", "0.19"), SizeRow::default(), size("Free", "")],
        }
    }

    #[test]
    fn what_is_typed_is_read_and_written_the_same() {
        let accounts = ["lake".to_owned(), "archive".to_owned()];
        let spec = form().read(&versions(), &accounts).expect("all is well");
        assert_eq!(
            spec.quota,
            Quota { cpu_milli: Some(6500), memory_mb: Some(24 * 1024), clusters: Some(12) }
        );
        assert_eq!(spec.sizes.iter().map(|size| size.price).collect::<Vec<_>>(), [Some(0.19), None]);
        assert_eq!(PoolForm::from(&spec).read(&versions(), &accounts), Ok(spec));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_at_its_field() {
        let twice = SizeRow { name: "A".into(), cpu: "2".into(), memory: "4096".into(), price: "-1".into() };
        let wrong = PoolForm {
            name: "1st".into(),
            cpu: "many".into(),
            memory: "0".into(),
            currency: "euro".into(),
            versions: "9.9".into(),
            accounts: "lake, pond".into(),
            sizes: vec![twice.clone(), SizeRow { cpu: String::new(), price: String::new(), ..twice }],
            ..PoolForm::default()
        };
        let found = wrong.read(&versions(), &["lake".to_owned()]).expect_err("nothing is well");
        let fields: Vec<&str> = found.iter().map(|finding| finding.field.as_str()).collect();
        let all = [
            "name",
            "region",
            "cpu",
            "memory",
            "currency",
            "versions",
            "versions",
            "accounts",
            "sizes[0].price",
            "sizes[1].name",
            "sizes[1].cpu",
        ];
        assert_eq!(fields, all);
        let none = PoolForm { sizes: Vec::new(), ..form() }.read(&versions(), &["lake".to_owned()]);
        assert_eq!(none.expect_err("no size")[0].field, "sizes[0].name");
    }
}
