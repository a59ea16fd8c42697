//! From what is asked for to a specification, or to all findings at once.

use super::findings::Findings;
use super::rows::{read_options, read_tags};
use super::{ClusterDraft, Number, Pair, number};
use crate::address::Address;
use crate::args;
use crate::id::ClusterId;
use crate::name::{AccountName, ClusterName, ContainerName};
use crate::offer::{Offer, StorageAccount};
use crate::option::OptionInfo;
use crate::refusal::Finding;
use crate::spec::{ClusterSpec, Integration, JobSpec, Network, Resources, UpgradeMode};

/// The most worker nodes of a cluster.
pub const MOST_NODES: u32 = 250;
/// The most addresses of more jars of a cluster, and the most jars that they lead to.
pub const MOST_JARS: usize = 50;
/// The longest script, bytes.
const LONGEST_SCRIPT: usize = 1 << 20;
/// The longest address of a savepoint directory: below it lie the cluster's folder, the operation's and Flink's own.
const LONGEST_DIRECTORY: usize = 512;

impl ClusterDraft {
    /// What is asked for, as a specification; or everything that is wrong with it, each finding with its field.
    /// `options` are those of the chosen version's Flink; without them keys and values pass that need them.
    ///
    /// # Errors
    /// All findings at once, in the order of the form.
    pub fn validate(&self, offer: &Offer, options: &[OptionInfo]) -> Result<ClusterSpec, Vec<Finding>> {
        let mut found = Findings::new(&self.unread);
        let spec = self.read(&mut found, offer, options);
        let findings = self.discreet(found.all());
        match spec {
            Some(spec) if findings.is_empty() => Ok(spec),
            _ => Err(findings),
        }
    }

    /// As [`validate`](Self::validate), with hidden values carried over: none may be left, and no tag may show a secret
    /// but those that the cluster has already (`tags`).
    ///
    /// # Errors
    /// All findings at once.
    pub fn admit(
        &self,
        offer: &Offer,
        options: &[OptionInfo],
        tags: &[Pair],
    ) -> Result<ClusterSpec, Vec<Finding>> {
        let mut more = self.lacking();
        more.extend(self.secret_tags(tags));
        match self.validate(offer, options) {
            Ok(spec) if more.is_empty() => Ok(spec),
            Ok(_) => Err(more),
            Err(findings) => Err(findings.into_iter().chain(more).collect()),
        }
    }

    fn read(&self, found: &mut Findings<'_>, offer: &Offer, known: &[OptionInfo]) -> Option<ClusterSpec> {
        let name = text(&self.name);
        let name = found.keep("name", name, ClusterName::try_from(name));
        let version =
            found.offered("version", "cluster version", text(&self.version), &offer.versions, |v| &v.version);
        let (account, container) = self.storage(found, offer);
        let network = self.network(found, offer);
        let node =
            found.offered("node_size", "node size", text(&self.node_size), &offer.node_sizes, |s| &s.name);
        let worker_nodes = number::WORKER_NODES.check(found, self.worker_nodes);
        let sql = self.sql(found);
        let jar = if self.sql.is_some() { None } else { self.jar(found, offer) };
        let more_jars = self.more_jars(found, offer, jar.as_ref());
        let entry_class = self.entry_class(found);
        let args = self.args.as_deref().unwrap_or_default();
        if found.short("args", args, 8192) {
            found.keep("args", args, arguments(args));
        }
        let savepoint_directory = self.savepoint_directory(found, offer);
        let savepoint = self.savepoint(found, offer, account.as_ref(), container.as_ref());
        let mode = text(&self.upgrade_mode);
        let upgrade_mode = found
            .offered("upgrade_mode", "upgrade mode", mode, &UpgradeMode::ALL, |mode| mode.name())
            .copied();
        let options = read_options(found, &self.options, known);
        self.references(offer, known).into_iter().for_each(|finding| found.push(finding));
        let task_manager = resources(
            found,
            (&number::TASK_MANAGER_CPU, self.task_manager_cpu),
            (&number::TASK_MANAGER_MEMORY, self.task_manager_memory),
        );
        let job_manager = resources(
            found,
            (&number::JOB_MANAGER_CPU, self.job_manager_cpu),
            (&number::JOB_MANAGER_MEMORY, self.job_manager_memory),
        );
        let tags = read_tags(found, &self.tags);
        self.fits(found, node, worker_nodes, task_manager, job_manager, &options);

        if jar.is_none() && sql.is_none() {
            return None;
        }
        Some(ClusterSpec {
            name: name?,
            version: version?.version.clone(),
            account: account?,
            container: container?,
            node_size: node?.name.clone(),
            worker_nodes: worker_nodes?,
            job: JobSpec {
                jar,
                sql,
                more_jars,
                entry_class,
                args: args.trim().to_owned(),
                savepoint_directory,
                savepoint,
                upgrade_mode: upgrade_mode?,
                options,
            },
            task_manager: task_manager?,
            job_manager: job_manager?,
            tags,
            integration: Integration { network, ..Integration::default() },
        })
    }

    fn storage(
        &self,
        found: &mut Findings<'_>,
        offer: &Offer,
    ) -> (Option<AccountName>, Option<ContainerName>) {
        let account =
            found.offered("account", "storage account", text(&self.account), &offer.accounts, |a| &a.name);
        let container = account.and_then(|account| {
            found.offered("container", "container", text(&self.container), &account.containers, |name| name)
        });
        if account.is_none() && text(&self.container).is_empty() {
            found.add("container", "", "Choose a container, after the storage account.");
        }
        (
            account.and_then(|account| {
                found.keep("account", &account.name, AccountName::try_from(&*account.name))
            }),
            container.and_then(|name| found.keep("container", name, ContainerName::try_from(&**name))),
        )
    }

    /// The subnet that is named; none leaves it to the pool. Whether it has room is found where the cluster is created.
    fn network(&self, found: &mut Findings<'_>, offer: &Offer) -> Option<Network> {
        let (network, subnet) = (text(&self.network), text(&self.subnet));
        if network.is_empty() && subnet.is_empty() {
            return None;
        }
        let mut names: Vec<&String> = offer.subnets.iter().map(|one| &one.network).collect();
        names.dedup();
        found.offered("network", "virtual network", network, &names, |name| name)?;
        let own: Vec<_> = offer.subnets.iter().filter(|one| one.network == network).collect();
        let chosen = found.offered("subnet", "subnet", subnet, &own, |one| &one.name)?;
        if chosen.used >= chosen.range.runs() {
            let all = chosen.range.runs();
            found.add("subnet", subnet, format!("The clusters of {network} / {subnet} have all of its {all} addresses. Choose another subnet."));
            return None;
        }
        Some(Network { network: network.to_owned(), subnet: subnet.to_owned() })
    }

    fn jar(&self, found: &mut Findings<'_>, offer: &Offer) -> Option<Address> {
        let text = text(&self.jar);
        if text.is_empty() {
            found.add("jar", "", "Choose a jar, or write its address: abfs://container@account.dfs.core.windows.net/dir/job.jar.");
            return None;
        }
        let jar = found.keep("jar", text, Address::parse(text))?;
        if jar.path().is_root() {
            found.add("jar", text, "It names a container. Name the jar in it.");
            return None;
        }
        on_offer(found, offer, "jar", text, &jar).then_some(jar)
    }

    fn sql(&self, found: &mut Findings<'_>) -> Option<String> {
        let script = self.sql.as_ref()?;
        if script.trim().is_empty() {
            found.add("sql", "", "Write a script: CREATE TABLE, and INSERT INTO to move something.");
        } else if !text(&self.jar).is_empty() {
            found.add("sql", "", "There is a jar too. A cluster runs one of them: leave the other out.");
        } else if script.len() > LONGEST_SCRIPT {
            let long = script.len();
            found.add("sql", "", format!("It has {long} bytes; up to {LONGEST_SCRIPT} (1 MB) are allowed."));
        } else if script.contains('\0') {
            found.add("sql", "", "A script cannot contain the character 0. Remove it.");
        } else {
            // As browsers post it, each line ends with two characters.
            return Some(script.replace("\r\n", "\n"));
        }
        None
    }

    fn more_jars(&self, found: &mut Findings<'_>, offer: &Offer, jar: Option<&Address>) -> Vec<Address> {
        let field = "more_jars";
        let mut all: Vec<Address> = Vec::new();
        if self.more_jars.len() > MOST_JARS {
            let many = self.more_jars.len();
            found.add(
                field,
                "",
                format!("There are {many} addresses; up to {MOST_JARS} are allowed. Name a folder."),
            );
            return all;
        }
        for text in &self.more_jars {
            let text = text.trim();
            match Address::parse(text) {
                Err(rule) => found.add(field, text, format!("“{text}”: {rule}")),
                Ok(address) if all.contains(&address) => {
                    found.add(field, text, format!("{text} stands here twice. Remove one of the lines."));
                }
                Ok(address) if jar == Some(&address) => {
                    found.add(field, text, format!("{text} is the job's own jar. Remove the line."));
                }
                Ok(address) if on_offer(found, offer, field, text, &address) => all.push(address),
                Ok(_) => {}
            }
        }
        all
    }

    fn entry_class(&self, found: &mut Findings<'_>) -> Option<String> {
        let class = text(&self.entry_class);
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

    fn savepoint_directory(&self, found: &mut Findings<'_>, offer: &Offer) -> Option<Address> {
        let (field, text) = ("savepoint_directory", text(&self.savepoint_directory));
        if text.is_empty() || !found.short(field, text, LONGEST_DIRECTORY) {
            return None;
        }
        let directory = found.keep(field, text, Address::parse(text))?;
        if directory.path().segments().any(|name| ClusterId::of_folder(name).is_some()) {
            found.add(
                field,
                text,
                "It lies in a folder that is a cluster's own, by its name. Choose another one.",
            );
            return None;
        }
        on_offer(found, offer, field, text, &directory).then_some(directory)
    }

    fn savepoint(
        &self,
        found: &mut Findings<'_>,
        offer: &Offer,
        account: Option<&AccountName>,
        container: Option<&ContainerName>,
    ) -> Option<Address> {
        let text = text(&self.savepoint);
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

fn on_offer(found: &mut Findings<'_>, offer: &Offer, field: &str, text: &str, address: &Address) -> bool {
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

fn resources(
    found: &mut Findings<'_>,
    (cpu, cores): (&Number<f64>, Option<f64>),
    (memory, mb): (&Number<u32>, Option<u32>),
) -> Option<Resources> {
    let (cpu, memory) = (cpu.check(found, cores), memory.check(found, mb));
    Resources::new(cpu?, memory?).ok()
}

/// Without the blanks around it; empty if it is not there.
pub(super) fn text(field: &Option<String>) -> &str {
    field.as_deref().unwrap_or_default().trim()
}
