//! Secrets of key vaults as a launch or a check is given them. Their debug form shows none.

use std::collections::BTreeMap;

use domain::secret::{Place, Reference, Secrets};
use domain::spec::ClusterSpec;
use domain::vault::Withheld;

/// Values by the references that stand for them.
#[derive(Clone, Default)]
pub struct GivenSecrets(BTreeMap<Reference, (u32, String)>);

/// What a specification names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    pub(crate) given: GivenSecrets,
    /// What cannot be had, each with its place and why.
    pub(crate) withheld: Vec<(Place, Reference, Withheld)>,
}

impl Named {
    /// Why nothing can be launched with it; none if everything can be had.
    pub(crate) fn refused(&self) -> Option<String> {
        let sentences: Vec<String> =
            self.withheld.iter().map(|(_, reference, why)| why.sentence(reference)).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

impl GivenSecrets {
    pub(crate) fn put(&mut self, reference: Reference, version: u32, value: String) {
        self.0.insert(reference, (version, value));
    }

    pub(crate) fn has(&self, reference: &Reference) -> bool {
        self.0.contains_key(reference)
    }

    /// One of them.
    pub(crate) fn value(&self, reference: &Reference) -> Option<&str> {
        self.0.get(reference).map(|(_, value)| value.as_str())
    }

    /// Which version each of them is.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (&Reference, u32)> {
        self.0.iter().map(|(reference, (version, _))| (reference, *version))
    }

    /// The values, to be hidden wherever they turn up.
    pub(crate) fn secrets(&self) -> Secrets {
        Secrets::these(self.0.values().map(|(_, value)| value.clone()))
    }

    /// The specification as the job is given it.
    ///
    /// # Errors
    /// A reference whose value was not given.
    pub fn resolved(&self, spec: &ClusterSpec) -> Result<ClusterSpec, Reference> {
        spec.resolved(|reference| {
            let given = self.0.get(reference).map(|(_, value)| value.clone());
            given.ok_or_else(|| reference.clone())
        })
    }
}

impl std::fmt::Debug for GivenSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.versions().map(|(reference, version)| format!("{reference} {version}")))
            .finish()
    }
}
