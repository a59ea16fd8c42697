//! From what was typed to a specification, or to all errors at once.

use super::findings::Findings;
use super::rows::{read_options, read_tags};
use super::{ClusterForm, Pair};
use crate::address::Address;
use crate::args;
use crate::name::{AccountName, ClusterName, ContainerName};
use crate::offer::{Offer, StorageAccount};
use crate::option::OptionInfo;
use crate::refusal::FieldError;
use crate::spec::{ClusterSpec, Integration, JobSpec, Resources, UpgradeMode};

/// The most worker nodes of a cluster.
pub const MOST_NODES: u32 = 250;

impl ClusterForm {
    /// What the form says, as a specification; or everything that is wrong with it, each error with its field.
    /// `options` are those of the chosen version's Flink; without them keys and values pass that need them.
    ///
    /// # Errors
    /// All errors at once, in the order of the form.
    pub fn validate(&self, offer: &Offer, options: &[OptionInfo]) -> Result<ClusterSpec, Vec<FieldError>> {
        let mut found = Findings::default();
        let spec = self.read(&mut found, offer, options);
        let errors = self.discreet(found.into_errors());
        match spec {
            Some(spec) if errors.is_empty() => Ok(spec),
            _ => Err(errors),
        }
    }

    /// As [`validate`](Self::validate), with hidden values carried over: none may be left, and no tag may show a secret
    /// but those that the cluster has already (`tags`).
    ///
    /// # Errors
    /// All errors at once.
    pub fn admit(
        &self,
        offer: &Offer,
        options: &[OptionInfo],
        tags: &[Pair],
    ) -> Result<ClusterSpec, Vec<FieldError>> {
        let mut more = self.lacking();
        more.extend(self.secret_tags(tags));
        match self.validate(offer, options) {
            Ok(spec) if more.is_empty() => Ok(spec),
            Ok(_) => Err(more),
            Err(errors) => Err(errors.into_iter().chain(more).collect()),
        }
    }

    fn read(&self, found: &mut Findings, offer: &Offer, known: &[OptionInfo]) -> Option<ClusterSpec> {
        let name = found.keep("name", &self.name, ClusterName::try_from(self.name.trim()));
        let version =
            found.offered("version", "cluster version", &self.version, &offer.versions, |v| &v.version);
        let (account, container) = self.storage(found, offer);
        let node =
            found.offered("node_size", "node size", &self.node_size, &offer.node_sizes, |size| &size.name);
        let worker_nodes = found.number(
            "worker_nodes",
            &self.worker_nodes,
            |nodes: u32| (1..=MOST_NODES).contains(&nodes),
            "Number of worker nodes takes a whole number from 1 to 250.",
        );
        let jar = self.jar(found, offer);
        let entry_class = self.entry_class(found);
        if found.short("args", &self.args, 8192) {
            found.keep("args", &self.args, arguments(&self.args));
        }
        let savepoint = self.savepoint(found, offer, account.as_ref(), container.as_ref());
        let upgrade_mode = UpgradeMode::named(self.upgrade_mode.trim());
        if upgrade_mode.is_none() {
            found.offered("upgrade_mode", "upgrade mode", &self.upgrade_mode, &UpgradeMode::ALL, |mode| {
                mode.name()
            });
        }
        let options = read_options(found, &self.options, known);
        let task_manager = resources(
            found,
            "task_manager",
            "Task manager",
            &self.task_manager_cpu,
            &self.task_manager_memory,
        );
        let job_manager =
            resources(found, "job_manager", "Job manager", &self.job_manager_cpu, &self.job_manager_memory);
        let tags = read_tags(found, &self.tags);
        self.fits(found, node, worker_nodes, task_manager, job_manager, &options);

        Some(ClusterSpec {
            name: name?,
            version: version?.version.clone(),
            account: account?,
            container: container?,
            node_size: node?.name.clone(),
            worker_nodes: worker_nodes?,
            job: JobSpec {
                jar: jar?,
                entry_class,
                args: self.args.trim().to_owned(),
                savepoint,
                upgrade_mode: upgrade_mode?,
                options,
            },
            task_manager: task_manager?,
            job_manager: job_manager?,
            tags,
            integration: Integration::default(),
        })
    }

    fn storage(&self, found: &mut Findings, offer: &Offer) -> (Option<AccountName>, Option<ContainerName>) {
        let account =
            found.offered("account", "storage account", &self.account, &offer.accounts, |a| &a.name);
        let container = account.and_then(|account| {
            found.offered("container", "container", &self.container, &account.containers, |name| name)
        });
        if account.is_none() && self.container.trim().is_empty() {
            found.add("container", "", "Choose a container, after the storage account.");
        }
        (
            account.and_then(|account| {
                found.keep("account", &account.name, AccountName::try_from(&*account.name))
            }),
            container.and_then(|name| found.keep("container", name, ContainerName::try_from(&**name))),
        )
    }

    fn jar(&self, found: &mut Findings, offer: &Offer) -> Option<Address> {
        if self.jar.trim().is_empty() {
            found.add("jar", "", "Choose a jar, or write its address: abfs://container@account.dfs.core.windows.net/dir/job.jar.");
            return None;
        }
        let jar = found.keep("jar", &self.jar, Address::parse(&self.jar))?;
        if jar.path().is_root() {
            found.add("jar", &self.jar, "It names a container. Name the jar in it.");
            return None;
        }
        on_offer(found, offer, "jar", &self.jar, &jar).then_some(jar)
    }

    fn entry_class(&self, found: &mut Findings) -> Option<String> {
        let class = self.entry_class.trim();
        if class.is_empty() || !found.short("entry_class", class, 512) {
            return None;
        }
        let word = |part: &str| {
            let head = part.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$');
            head && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
        };
        if !class.split('.').all(word) {
            found.add(
                "entry_class",
                class,
                format!(
                    "“{class}” is not the name of a class. Write it in full, such as com.example.FraudJob."
                ),
            );
            return None;
        }
        Some(class.to_owned())
    }

    fn savepoint(
        &self,
        found: &mut Findings,
        offer: &Offer,
        account: Option<&AccountName>,
        container: Option<&ContainerName>,
    ) -> Option<Address> {
        let text = self.savepoint.trim();
        if text.is_empty() {
            return None;
        }
        // Where its container is not known, that error has its own field.
        let own = Some((account?, container?));
        let accounts: Vec<_> = offer.accounts.iter().map(StorageAccount::known).collect();
        let read = Address::pasted(text, own, &accounts);
        let savepoint = found.keep("savepoint", text, read)?;
        on_offer(found, offer, "savepoint", text, &savepoint).then_some(savepoint)
    }
}

fn arguments(line: &str) -> Result<(), String> {
    let words = args::split(line)?;
    match words.iter().any(|word| word.contains('\0')) {
        true => Err("Arguments cannot contain the character 0. Remove it.".to_owned()),
        false => Ok(()),
    }
}

fn on_offer(found: &mut Findings, offer: &Offer, field: &str, text: &str, address: &Address) -> bool {
    let Some(account) = offer.accounts.iter().find(|account| *address.account() == *account.name) else {
        let names: Vec<&str> = offer.accounts.iter().map(|account| account.name.as_str()).collect();
        let account = address.account();
        found.add(
            field,
            text,
            format!("There is no storage account “{account}” here. On offer: {}.", names.join(", ")),
        );
        return false;
    };
    let known = account.containers.iter().any(|container| *address.container() == **container);
    if !known {
        let container = address.container();
        found.add(
            field,
            text,
            format!(
                "The storage account “{}” has no container “{container}”. It has: {}.",
                account.name,
                account.containers.join(", ")
            ),
        );
    }
    known
}

fn resources(found: &mut Findings, field: &str, who: &str, cpu: &str, memory: &str) -> Option<Resources> {
    let cpu = found.number(
        &format!("{field}_cpu"),
        cpu,
        |cpu: f64| cpu > 0.0 && cpu <= Resources::MOST_CPU,
        &format!("{who} CPU takes more than 0 and up to {} cores.", Resources::MOST_CPU),
    );
    let memory = found.number(
        &format!("{field}_memory"),
        memory,
        |mb: u32| (Resources::LEAST_MEMORY_MB..=Resources::MOST_MEMORY_MB).contains(&mb),
        &format!("{who} memory takes a whole number of MB, {} or more.", Resources::LEAST_MEMORY_MB),
    );
    Resources::new(cpu?, memory?).ok()
}
