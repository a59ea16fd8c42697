//! The Flink configuration of a run: what the user wrote, and around it what the provider needs.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::net::Ipv4Addr;

use domain::option::FlinkOptions;
use domain::secret::shown_option;
use domain::spec::ClusterSpec;

use super::folder::RunFolder;
use super::state::{StateFolder, uri};
use crate::file;

/// The ports of every run, each on its own address.
pub(crate) const PORTS: [u16; 3] = [REST_PORT, RPC_PORT, BLOB_PORT];

const REST_PORT: u16 = 8081;
const RPC_PORT: u16 = 6123;
const BLOB_PORT: u16 = 6124;

/// What a run is made of.
pub(crate) struct RunSetting<'a> {
    pub(crate) folder: &'a RunFolder,
    pub(crate) state: &'a StateFolder,
    /// Without them Flink does not come to the storage that the run uses; keys are among them.
    pub(crate) storage: FlinkOptions,
    pub(crate) java_feature: u32,
}

/// Until which Java a `main` that calls `System.exit` can be kept from it. Newer ones refuse the option.
const LAST_JAVA_WITH_SECURITY_MANAGER: u32 = 23;
const NO_EXIT: &str = "cluster.intercept-user-system-exit";

/// Everything that Flink is told but where it listens: what follows from the specification, and what belongs to the
/// place and the run.
pub(crate) fn effective(spec: &ClusterSpec, setting: &RunSetting) -> FlinkOptions {
    let mut options: FlinkOptions = LIVELY.iter().map(|(key, value)| option(key, value)).collect();
    options.extend(spec.effective_options().into_iter().map(|(key, effective)| (key, effective.value)));
    options.extend(QUICK.iter().map(|(key, value)| option(key, value)));
    options.extend(of_run(setting));
    options.extend(setting.storage.clone());
    if setting.java_feature > LAST_JAVA_WITH_SECURITY_MANAGER {
        options.remove(NO_EXIT);
    }
    options
}

/// Unless the user says otherwise: a killed task manager is missed after seconds, figures are those of now.
const LIVELY: [(&str, &str); 3] = [
    ("heartbeat.interval", "2000"),
    ("heartbeat.timeout", "30000"),
    ("metrics.fetcher.update-interval", "2000"),
];

/// Processes that are started together find each other in a moment (by default they try every 10 s), and Flink's own
/// view of its tasks is never older than this.
const QUICK: [(&str, &str); 4] = [
    ("cluster.registration.initial-timeout", "100 ms"),
    ("cluster.registration.error-delay", "200 ms"),
    ("cluster.registration.refused-registration-delay", "200 ms"),
    ("web.refresh-interval", "200"),
];

/// Where a run listens. Whoever looks for it reads it there ([`super::endpoint`]).
pub(crate) fn at(address: Ipv4Addr) -> FlinkOptions {
    let address = address.to_string();
    [
        ("jobmanager.rpc.address", address.clone()),
        ("jobmanager.bind-host", address.clone()),
        ("rest.address", address.clone()),
        ("rest.bind-address", address.clone()),
        ("taskmanager.host", address.clone()),
        ("taskmanager.bind-host", address.clone()),
        // Flink would let pages of every origin read it. The one that is named is its own.
        ("web.access-control-allow-origin", format!("https://{address}:{REST_PORT}")),
        ("rest.port", REST_PORT.to_string()),
        ("jobmanager.rpc.port", RPC_PORT.to_string()),
        ("blob.server.port", BLOB_PORT.to_string()),
    ]
    .into_iter()
    .map(|(key, value)| option(key, &value))
    .collect()
}

fn of_run(setting: &RunSetting) -> FlinkOptions {
    [
        ("io.tmp.dirs", setting.folder.tmp().display().to_string()),
        ("jobmanager.archive.fs.dir", uri(&setting.folder.archive())),
        ("execution.checkpointing.dir", setting.state.checkpoints()),
        ("execution.checkpointing.savepoint-dir", setting.state.savepoints()),
    ]
    .into_iter()
    .map(|(key, value)| option(key, &value))
    .collect()
}

fn option(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

/// Writes `config.yaml` and `log4j.properties`. `shown`: the same options as people see them where that is something
/// else, since a value comes from a key vault.
pub(crate) fn write(folder: &RunFolder, options: &FlinkOptions, shown: &FlinkOptions) -> std::io::Result<()> {
    write_options(folder, options, shown)?;
    file::write(&folder.conf().join("log4j.properties"), LOGGING.as_bytes())
}

/// Takes the secrets out of the configuration of a run whose processes have ended.
pub(super) fn forget_secrets(folder: &RunFolder) -> std::io::Result<()> {
    let text = match file::read(&folder.conf().join(FILE), LARGEST) {
        // A job may have put something else there; that is none of ours.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => return Ok(()),
        text => text?,
    };
    let given: FlinkOptions = text.lines().filter_map(entry).collect();
    let shown = shown(&text);
    if given == shown { Ok(()) } else { write_options(folder, &shown, &shown) }
}

fn write_options(folder: &RunFolder, options: &FlinkOptions, shown: &FlinkOptions) -> std::io::Result<()> {
    let mut text =
        String::from("# Written by Penstock for this run. What is changed here is not read again.\n");
    for (key, value) in options {
        // A JSON string is a YAML string, so nothing in a value can be taken for YAML.
        let _ = writeln!(text, "{}: {}", quoted(key), quoted(value));
        if let Some(shown) = shown.get(key).filter(|shown| *shown != value) {
            let _ = writeln!(text, "{SHOWN}{}: {}", quoted(key), quoted(shown));
        }
    }
    // Users' secrets are in it, and the passwords of the run's keys.
    file::write(&folder.conf().join(FILE), text.as_bytes())
}

/// Reads the configuration that a run was given, with secrets hidden.
pub(crate) fn read(folder: &RunFolder) -> std::io::Result<FlinkOptions> {
    let text = file::read(&folder.conf().join(FILE), LARGEST)?;
    Ok(shown(&text))
}

/// The options as people see them: a reference in place of its value, and no secret.
fn shown(text: &str) -> FlinkOptions {
    let mut options: FlinkOptions = text.lines().filter_map(entry).collect();
    options.extend(text.lines().filter_map(|line| entry(line.strip_prefix(SHOWN)?)));
    for (key, value) in &mut options {
        *value = shown_option(key, value);
    }
    options
}

/// What a line begins with that says how the option before it is shown: to Flink it is a comment.
const SHOWN: &str = "# shown as ";

const FILE: &str = "config.yaml";
/// No configuration is larger, bytes.
const LARGEST: u64 = 4 << 20;

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn entry(line: &str) -> Option<(String, String)> {
    let mut values = serde_json::Deserializer::from_str(line).into_iter::<String>();
    let key = values.next()?.ok()?;
    let rest = line[values.byte_offset()..].strip_prefix(": ")?;
    Some((key, serde_json::from_str(rest).ok()?))
}

/// One file for each process, rolled over; nothing goes to the standard output but what the job prints. Flink would write
/// every option into it, and hides fewer secrets than we do; the configuration of a run is on its page.
const LOGGING: &str = "\
rootLogger.level = INFO
rootLogger.appenderRef.file.ref = file
logger.configuration.name = org.apache.flink.configuration.GlobalConfiguration
logger.configuration.level = WARN
appender.file.name = file
appender.file.type = RollingFile
appender.file.append = true
appender.file.fileName = ${sys:log.file}
appender.file.filePattern = ${sys:log.file}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.charset = UTF-8
appender.file.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %c{1.} - %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 20MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 4
";

#[cfg(test)]
mod tests {
    use domain::secret::HIDDEN;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (key, value) in [("a.b", "c"), ("a: b", "x: \"y\" # z\n- t"), ("$internal", "é\\")] {
            let line = format!("{}: {}", quoted(key), quoted(value));
            assert_eq!(entry(&line), Some((key.to_owned(), value.to_owned())));
        }
        assert_eq!(entry("# a comment"), None);
    }

    #[test]
    fn secrets_are_hidden_from_those_who_look() {
        let folder = tempfile::tempdir().expect("a folder");
        let cluster =
            super::super::folder::ClusterFolder::of(folder.path(), domain::id::ClusterId(uuid::Uuid::nil()));
        let run = cluster.run(1);
        std::fs::create_dir_all(run.conf()).expect("a folder");
        let shown =
            [("s3.secret-key", "x"), ("a.b", "c"), ("my.user", "${kv/user}"), ("db.password", "${kv/db}")];
        let shown: FlinkOptions = shown.into_iter().map(|(key, value)| option(key, value)).collect();
        let mut given = shown.clone();
        given.extend([option("my.user", "sesame"), option("db.password", "open\nup")]);
        write(&run, &given, &shown).expect("written");
        let file = run.conf().join(FILE);
        let text = std::fs::read_to_string(&file).expect("text");
        assert!(text.contains("\"my.user\": \"sesame\"\n") && text.contains(r#""open\nup""#), "{text}");
        let told = read(&run).expect("read");
        let expected =
            [("a.b", "c"), ("db.password", "${kv/db}"), ("my.user", "${kv/user}"), ("s3.secret-key", HIDDEN)];
        assert_eq!(
            told.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect::<Vec<_>>(),
            expected
        );
        forget_secrets(&run).expect("forgotten");
        let text = std::fs::read_to_string(&file).expect("text");
        assert!(!text.contains("sesame") && !text.contains("open"), "{text}");
        assert_eq!(read(&run).expect("read"), told);
    }
}
