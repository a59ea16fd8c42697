//! Jars, zip archives and class files that are almost right: whatever a file says of itself, its reading ends soon, in
//! little memory, on a small stack, in what the jar tells or in a sentence.
//!
//! `cargo xtask test fuzz` runs it for half a minute. `PENSTOCK_FUZZ_SECONDS` and `PENSTOCK_FUZZ_SEED` say otherwise; a
//! failure names the seed of its case, and the case stays where the message says.

#[path = "fuzz/change.rs"]
mod change;
#[path = "jars/class.rs"]
mod class;
#[path = "fuzz/process.rs"]
mod process;
#[path = "jars/written.rs"]
mod written;
#[path = "jars/zip.rs"]
mod zip;

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use change::jar;
use orchestrator::jar::{Budget, JarError, open};
use process::{grown, processor_time};

/// A deep recursion does not fit; the readers' own frames do.
const STACK: usize = 256 << 10;
/// More than any jar may take beside its file, bytes.
const MEMORY: u64 = 100 << 20;
/// Cases are of a few kilobytes: what takes longer runs in a circle.
const TIME: Duration = Duration::from_secs(5);

/// Both tests look at the memory of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

#[derive(Default)]
struct Count {
    cases: u64,
    views: u64,
    refusals: u64,
    slowest: Duration,
}

#[test]
fn whatever_a_jar_says_its_reading_ends_in_a_view_or_a_sentence() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let number = |name: &str, usual: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => usual,
    };
    let (seconds, seed) = (number("PENSTOCK_FUZZ_SECONDS", 5), number("PENSTOCK_FUZZ_SEED", 1));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{seed}.jar"));
    let (until, shown) = (Instant::now() + Duration::from_secs(seconds), place.display().to_string());
    let memory = grown(|| {
        let run = move || run(seed, &place, until);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread");
        let count = thread.join().unwrap_or_else(|_| panic!("the case is in {shown}"));
        println!(
            "seed {seed}: {} cases in {seconds} s: {} told, {} refused; the slowest took {:?}",
            count.cases, count.views, count.refusals, count.slowest
        );
        assert!(count.views * 20 > count.cases, "most cases do not get far: the changes are too wild");
        assert!(count.refusals * 20 > count.cases, "most cases are no trouble: the changes are too tame");
    });
    println!("memory grew by {} MB", memory >> 20);
    assert!(memory < MEMORY, "{} MB", memory >> 20);
}

fn run(seed: u64, place: &PathBuf, until: Instant) -> Count {
    let mut count = Count::default();
    while Instant::now() < until {
        let of_case = seed << 32 | count.cases;
        let bytes = jar(&mut fastrand::Rng::with_seed(of_case));
        // Before it is read: the case that ends the process is still there.
        std::fs::write(place, &bytes).expect("written");
        let began = processor_time();
        let told = open(File::open(place).expect("opened"), &Budget::new(Default::default()));
        let took = processor_time() - began;
        assert!(took < TIME, "case {of_case} took {took:?}");
        count.slowest = count.slowest.max(took);
        match told {
            Ok(view) => {
                count.views += 1;
                assert!(view.mains.iter().all(|name| name.len() <= 3_000), "case {of_case}: {view:?}");
            }
            Err(error) => {
                count.refusals += 1;
                let said = error.to_string();
                let sentence = said.ends_with(['.', '?']) && said.contains(' ') && said.len() < 1_000;
                assert!(
                    sentence && !matches!(error, JarError::Time(_) | JarError::Stopped),
                    "case {of_case}: {said}"
                );
            }
        }
        count.cases += 1;
    }
    count
}

/// An honest jar, large beyond its use. `PENSTOCK_JAR_MB` is its size in MB: with 300, built for release, it says what
/// the largest honest ones take.
#[test]
fn a_large_jar_is_read_in_little_memory() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let megabytes: u64 = std::env::var("PENSTOCK_JAR_MB").map_or(48, |text| text.parse().expect("a number"));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large.jar");
    if std::env::var_os(WRITES).is_some() {
        return large(&place, megabytes << 20);
    }
    // By a process of its own: what this one freed again would count as its memory before.
    let program = std::env::current_exe().expect("this program");
    let mut write = std::process::Command::new(program);
    let written = write.args(["--exact", "a_large_jar_is_read_in_little_memory"]).env(WRITES, "1").status();
    assert!(written.expect("it runs").success());
    let memory = grown(|| {
        let began = (Instant::now(), processor_time());
        let budget = Budget { patience: Duration::from_secs(600), ..Budget::new(Default::default()) };
        let view = open(File::open(&place).expect("opened"), &budget).expect("a jar");
        let (waited, took) = (began.0.elapsed(), processor_time() - began.1);
        println!("{} MB opened in {waited:?}, {took:?} of a processor", view.size >> 20);
        assert_eq!(view.mains.len(), 3);
    });
    println!("memory grew by {} MB", memory >> 20);
    assert!(memory < MEMORY, "{} MB", memory >> 20);
    std::fs::remove_file(&place).expect("removed");
}

/// Says that a jar is to be written, and not read.
const WRITES: &str = "PENSTOCK_JAR_WRITES";

/// Writes a jar of about that size, as a build would. A class is of some kilobytes, and compression halves it.
fn large(place: &Path, size: u64) {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut jar = ::zip::ZipWriter::new(std::io::BufWriter::new(File::create(place).expect("a file")));
    let options = ::zip::write::SimpleFileOptions::default().compression_level(Some(1));
    for number in 0..size / 6_500 {
        let name = format!("a/b{number}/Main");
        let class = class::Class { others: 40, main: number < 3, ..class::Class::with_main(&name) };
        let mut bytes = class.write().bytes;
        bytes.extend(std::iter::repeat_with(|| rng.u8(..)).take(2 << 10));
        bytes.extend(std::iter::repeat_with(|| rng.u8(..16)).take(4 << 10));
        jar.start_file(format!("{name}.class"), options).expect("an entry");
        jar.write_all(&bytes).expect("written");
    }
    jar.finish().expect("whole").into_inner().expect("written");
}
