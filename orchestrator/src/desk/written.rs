//! A cluster as files have it, in the words of the form.

use std::collections::BTreeMap;

use domain::draft::ClusterDraft;
use domain::spec::ClusterSpec;

/// The text by its format: `json`, `yaml`.
pub(super) fn as_text(spec: &ClusterSpec) -> BTreeMap<String, String> {
    let draft = ClusterDraft::from(spec);
    let json = serde_json::to_string_pretty(&draft).ok().map(|text| ("json".to_owned(), text));
    let yaml = serde_saphyr::to_string(&draft).ok().map(|text| ("yaml".to_owned(), text));
    json.into_iter().chain(yaml).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::spec;

    /// YAML takes many a word for something else than text.
    #[test]
    fn every_format_is_read_as_what_was_written() {
        let mut spec = spec("no");
        let words = [
            "no",
            "null",
            "1e3",
            "0x1f",
            "12:30",
            "~",
            " led",
            "# x",
            "a: b",
            "- c",
            "\"q\"",
            "'",
            "é\u{2028}ü",
            "",
        ];
        for (number, word) in words.iter().enumerate() {
            spec.tags.insert(format!("tag{number}"), (*word).to_owned());
            spec.tags.insert(format!("{word}."), number.to_string());
        }
        spec.job.options.insert("a.b".to_owned(), "30 s".to_owned());
        let (texts, draft) = (as_text(&spec), ClusterDraft::from(&spec));
        let json: ClusterDraft = serde_json::from_str(&texts["json"]).expect("JSON");
        let yaml: ClusterDraft = serde_saphyr::from_str(&texts["yaml"]).expect("YAML");
        assert_eq!((&json, &yaml), (&draft, &draft), "{}", texts["yaml"]);
        assert!(texts["yaml"].contains("\nworker_nodes: 1\n"), "{}", texts["yaml"]);
    }
}
