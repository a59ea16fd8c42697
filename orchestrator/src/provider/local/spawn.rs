//! How the processes of a run are started.

use std::path::PathBuf;
use std::process::Stdio;

use domain::memory::{JobManagerMemory, TaskManagerMemory};
use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessSession};
use uuid::Uuid;

use super::bounds::Sees;
use super::folder::{Role, RunFolder};
use super::processes::NAME;
use super::{Local, blocking};
use crate::confine::{self, How};
use crate::{file, java};

/// What Flink needs of Java 17 and newer; its own scripts say the same.
const OPEN: [&str; 14] = [
    "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
    "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.net=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
    "--add-opens=java.base/java.text=ALL-UNNAMED",
    "--add-opens=java.base/java.time=ALL-UNNAMED",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED",
];

const JOB_MANAGER: &str = "penstock.launcher.Application";
const TASK_MANAGER: &str = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

/// What `java` is given: flags of the virtual machine, jars beside Flink's own, then the main class and its arguments.
/// Every user of the machine can read it, so nothing that a person typed stands in it.
pub(super) struct CommandLine {
    flags: Vec<String>,
    jar: Option<PathBuf>,
    args: Vec<String>,
}

/// The job manager's command line. C1 and the serial collector: it starts sooner and has little to do.
pub(super) fn job_manager(memory: &JobManagerMemory, folder: &RunFolder) -> CommandLine {
    let mut flags = memory.jvm_flags();
    flags.extend(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"].map(str::to_owned));
    let mut args = main_class(JOB_MANAGER, folder);
    args.extend(["--job".to_owned(), folder.job().display().to_string()]);
    args.extend(["--record".to_owned(), folder.main().display().to_string()]);
    CommandLine { flags, jar: Some(folder.launcher()), args }
}

/// A task manager's command line.
pub(super) fn task_manager(
    memory: &TaskManagerMemory,
    folder: &RunFolder,
    role: Role,
    slots: u32,
) -> CommandLine {
    let mut args = main_class(TASK_MANAGER, folder);
    // What it registers by, so that it can be told which process that is.
    let name = format!("{role}-{:08x}", Uuid::new_v4().as_fields().0);
    let named = (String::from_utf8_lossy(NAME).into_owned(), name);
    for (key, value) in memory.dynamic_properties(slots).into_iter().chain([named]) {
        args.extend(["-D".to_owned(), format!("{key}={value}")]);
    }
    CommandLine { flags: memory.jvm_flags(), jar: None, args }
}

fn main_class(class: &str, folder: &RunFolder) -> Vec<String> {
    [class, "--configDir"]
        .map(str::to_owned)
        .into_iter()
        .chain([folder.conf().display().to_string()])
        .collect()
}

const GOOGLES_KEY: &str = "GOOGLE_APPLICATION_CREDENTIALS";

impl Local {
    /// Starts one process in a session of its own, so that neither Ctrl-C nor the end of the portal reaches it, and
    /// within its bounds.
    pub(super) fn spawn(
        &self,
        sees: &Sees<'_>,
        role: Role,
        CommandLine { flags, jar, args }: CommandLine,
    ) -> std::io::Result<()> {
        let (distribution, folder, cluster) = (&self.distribution, sees.folder, sees.target.cluster);
        let marker = self.processes.marker(cluster, sees.run, role);
        let variable = self.processes.variable(cluster, sees.run, role);
        let bounds = self.bounds(sees, role)?;
        // Behind Flink's own: a class-data archive asks that the class path begins as it did when it was made.
        let jar = jar.map(|jar| format!(":{}", jar.display())).unwrap_or_default();
        let out = file::append(&folder.out(role))?;
        let plugins = Some(folder.plugins()).filter(|own| own.is_dir());
        let plugins = plugins.unwrap_or_else(|| distribution.home.join("plugins"));
        let mut command = tokio::process::Command::new(self.confine.program());
        command
            .arg0(confine::NAME)
            .args(self.confine.words(How::Enter, &bounds)?)
            .arg(&distribution.java)
            .args(flags)
            .args(self.class_data.flags(distribution, role, folder))
            .args(java::UTF_8)
            .args(OPEN)
            .args(security_manager(distribution.java_feature))
            // Java would put these outside of what it sees.
            .arg("-XX:-UsePerfData")
            .arg(format!("-XX:ErrorFile={}", folder.logs().join(format!("{role}-crash.log")).display()))
            .arg(java::temporary(&folder.tmp()))
            .arg(marker)
            .arg(format!("-Dlog.file={}", folder.log(role).display()))
            .arg(format!("-Dlog4j.configurationFile={}", folder.conf().join("log4j.properties").display()))
            .args(["-cp", &format!("{}{jar}", distribution.class_path)])
            .args(args)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .env_clear()
            .envs(java::environment())
            .env("TMPDIR", folder.tmp())
            .env(variable.0, variable.1)
            .env("FLINK_CONF_DIR", folder.conf())
            .env("FLINK_LIB_DIR", folder.lib())
            .env("FLINK_LOG_DIR", folder.logs())
            .env("FLINK_PLUGINS_DIR", plugins)
            .env("FLINK_OPT_DIR", distribution.home.join("opt"))
            // Google's client knows its key by this, whatever Flink's options say.
            .envs(Some(folder.storage_key()).filter(|key| key.is_file()).map(|key| (GOOGLES_KEY, key)));
        let child = CommandWrap::from(command).wrap(ProcessSession).spawn()?;
        if let Some(pid) = child.id() {
            file::write(&folder.pid(role), pid.to_string().as_bytes())?;
        }
        tokio::spawn(remember_its_end(child, folder.exit(role)));
        Ok(())
    }
}

/// Waits for a process that this portal has started, and writes down how it ended: nobody else is told.
async fn remember_its_end(mut child: Box<dyn ChildWrapper>, exit: std::path::PathBuf) {
    if let Ok(status) = child.wait().await {
        let (file, text) = (exit.clone(), status.to_string());
        let remembered = blocking(move || file::write(&file, text.as_bytes())).await;
        tracing::debug!(file = %exit.display(), %status, ?remembered, "a process has ended");
    }
}

/// Flink keeps a `main` from ending the virtual machine by means that newer Javas must be told to allow.
fn security_manager(java_feature: u32) -> Option<&'static str> {
    (18..=23).contains(&java_feature).then_some("-Djava.security.manager=allow")
}
