//! `operation.steps` as it is stored, read and written byte-equal: `domain/tests/stored/README.md` has the rule for a
//! change, and everything else that is stored as JSON.

use std::path::Path;

use crate::store::operation::StepRecord;

#[test]
fn steps_are_read_and_written_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored");
    let mut seen = (false, false, false);
    for file in folder.read_dir().expect("the folder is there") {
        let path = file.expect("it can be listed").path();
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let text = text.strip_suffix('\n').expect("the file ends with its line");
        let steps: Vec<StepRecord> = serde_json::from_str(text).expect("it is read");
        assert_eq!(serde_json::to_string(&steps).expect("it can be written"), text, "{}", path.display());
        for step in steps {
            match (step.failed, step.ended) {
                (true, _) => seen.0 = true,
                (false, Some(_)) => seen.1 = true,
                (false, None) => seen.2 = true,
            }
        }
    }
    assert_eq!(seen, (true, true, true), "one that failed, one that is done, one in progress");
}
