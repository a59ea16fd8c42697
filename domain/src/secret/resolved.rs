//! Where a specification names secrets of key vaults, and the specification with their values in place.

use super::Reference;
use crate::args;
use crate::draft::ClusterDraft;
use crate::offer::Offer;
use crate::option::OptionInfo;
use crate::refusal::Finding;
use crate::spec::ClusterSpec;
use crate::vault::Withheld;

/// Where a reference stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the arguments.
    Args,
    /// In the script of Flink SQL.
    Script,
    /// In the option of this key.
    Option(String),
}

impl ClusterSpec {
    /// Every reference with its place, in the order of the form.
    pub fn references(&self) -> Vec<(Place, Reference)> {
        let words = args::words(&self.job.args).0;
        let in_args = words.iter().flat_map(|word| Reference::all(&word.text)).map(|one| (Place::Args, one));
        let in_options = self.job.options.iter().flat_map(|(key, value)| {
            Reference::all(value).into_iter().map(|one| (Place::Option(key.clone()), one))
        });
        let script = self.job.sql.as_deref().unwrap_or_default();
        let in_script = Reference::all(script).into_iter().map(|one| (Place::Script, one));
        in_args.chain(in_script).chain(in_options).collect()
    }

    /// With the value of each reference in its place, as the job is given it.
    ///
    /// # Errors
    /// The first error of `value`.
    pub fn resolved<E>(
        &self,
        mut value: impl FnMut(&Reference) -> Result<String, E>,
    ) -> Result<ClusterSpec, E> {
        let mut spec = self.clone();
        if self.job.args.contains("${") {
            // Word by word: a value is one word, or a part of one, whatever is in it.
            let words = args::words(&self.job.args).0.into_iter();
            let words = words
                .map(|word| Reference::resolve(&word.text, &mut value))
                .collect::<Result<Vec<_>, _>>()?;
            spec.job.args = args::join(words.iter().map(String::as_str));
        }
        if let Some(script) = spec.job.sql.as_mut().filter(|script| script.contains("${")) {
            // A value stands within a text of SQL, where a quote is written twice.
            let quoted = |reference: &Reference| value(reference).map(|value| value.replace('\'', "''"));
            *script = Reference::resolve(script, quoted)?;
        }
        for given in spec.job.options.values_mut().filter(|given| given.contains("${")) {
            *given = Reference::resolve(given, &mut value)?;
        }
        Ok(spec)
    }
}

impl ClusterDraft {
    /// What is wrong with its references: their spelling, a vault or a secret that is not there or not to be had, an
    /// option that takes no text.
    pub(crate) fn references(&self, offer: &Offer, known: &[OptionInfo]) -> Vec<Finding> {
        let mut found = Vec::new();
        let line = self.args.as_deref().unwrap_or_default();
        for word in args::words(line).0 {
            wrong(&mut found, "args", line, &word.text, offer);
        }
        let script = self.sql.as_deref().unwrap_or_default();
        wrong(&mut found, "sql", "", script, offer);
        for (row, pair) in self.options.iter().enumerate() {
            let (field, value) = (format!("options[{row}].value"), pair.value.trim());
            wrong(&mut found, &field, value, value, offer);
            let info = known.iter().find(|info| info.key == pair.key.trim());
            if let Some(info) = info.filter(|info| info.kind != "String")
                && !Reference::all(value).is_empty()
            {
                let message = format!(
                    "{} takes a {}, and a reference to a secret stands only where text does. Write the value itself.",
                    info.key, info.kind
                );
                found.push(Finding { field, message, value: value.to_owned() });
            }
        }
        found
    }
}

fn wrong(found: &mut Vec<Finding>, field: &str, given: &str, text: &str, offer: &Offer) {
    let mut add = |message| {
        let value = given.chars().take(200).collect();
        found.push(Finding { field: field.to_owned(), message, value });
    };
    if let Some(fault) = Reference::fault(text) {
        add(fault);
    }
    for reference in Reference::all(text) {
        if let Err(why) = on_offer(&reference, offer) {
            add(why.sentence(&reference));
        }
    }
}

fn on_offer(reference: &Reference, offer: &Offer) -> Result<(), Withheld> {
    let vault = offer.vaults.iter().find(|vault| reference.vault == *vault.name).ok_or(Withheld::NoVault)?;
    let secret = vault.secrets.iter().find(|(name, _)| reference.secret == **name);
    match (secret, reference.version) {
        (None, _) => Err(Withheld::NoSecret),
        // Whether an older version can be had the server finds out.
        (Some(_), Some(_)) | (Some((_, None)), None) => Ok(()),
        (Some((_, Some(why))), None) => Err(*why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Pair;
    use crate::vault::OfferedVault;

    fn spec(args: &str, option: &str) -> ClusterSpec {
        let text = include_str!("../../tests/stored/specification/least.json");
        let mut spec: ClusterSpec = serde_json::from_str(text).expect("a specification");
        spec.job.args = args.to_owned();
        spec.job.options = [("my.key".to_owned(), option.to_owned())].into();
        spec
    }

    #[test]
    fn a_value_is_one_word_whatever_is_in_it() {
        let spec = spec("--password ${kv/db} '--url=p://u:${kv/db}@h' $${x}", "a ${kv/db} $${b}");
        assert_eq!(spec.references().len(), 3);
        let value = |_: &Reference| Ok::<_, std::convert::Infallible>("it's \"x\"\n${kv/no}".to_owned());
        let Ok(resolved) = spec.resolved(value);
        let words = args::split(&resolved.job.args).expect("a line");
        let value = "it's \"x\"\n${kv/no}";
        assert_eq!(words, ["--password", value, &format!("--url=p://u:{value}@h"), "${x}"]);
        assert_eq!(resolved.job.options["my.key"], format!("a {value} ${{b}}"));
        let plain = self::spec("--a  'b c'", "d");
        let resolved = plain.resolved(|_| Err(()));
        assert_eq!(resolved, Ok(plain), "what names none stays as it is written");
    }

    #[test]
    fn each_wrong_reference_is_found_at_its_field() {
        let secrets = vec![("db".to_owned(), None), ("old".to_owned(), Some(Withheld::Expired))];
        let offer =
            Offer { vaults: vec![OfferedVault { name: "kv".to_owned(), secrets }], ..Offer::default() };
        let known = OptionInfo {
            key: "parallelism.default".to_owned(),
            kind: "Integer".to_owned(),
            default: None,
            description: String::new(),
            values: Vec::new(),
            deprecated: false,
        };
        let pair = |key: &str, value: &str| Pair { key: key.to_owned(), value: value.to_owned() };
        let draft = ClusterDraft {
            args: Some("--a ${kv/db} --b ${kv/none} ${no/db} ${kv/}".to_owned()),
            options: vec![
                pair("a", "${kv/db/7}"),
                pair("b", "${kv/old}"),
                pair("c", "${kv/old/1}"),
                pair("parallelism.default", "${kv/db}"),
            ],
            ..ClusterDraft::default()
        };
        let found = draft.references(&offer, &[known]);
        let told: Vec<_> = found.iter().map(|one| (one.field.as_str(), one.message.as_str())).collect();
        let fields: Vec<_> = told.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["args", "args", "args", "options[1].value", "options[3].value"], "{told:?}");
        for (number, words) in
            ["no secret “none”", "no key vault “no”", "no reference", "expired", "takes a Integer"]
                .into_iter()
                .enumerate()
        {
            assert!(told[number].1.contains(words), "{:?}", told[number]);
        }
    }
}
