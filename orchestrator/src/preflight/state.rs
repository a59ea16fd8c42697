//! The state that a job starts from, held against its job graph: by operator, and each cause by itself.

use std::time::Instant;

use domain::option::{IGNORE_UNCLAIMED_STATE, ignores_unclaimed_state};
use domain::snapshot::called;
use domain::spec::ClusterSpec;
use domain::view::{Check, OperatorState, StateFit};

use super::{Purpose, Subject, Verdict};
use crate::probe::{Asker, Built, Fit, OperatorFit, ProbeError, Program};

/// Names in one sentence. The table has all of them.
const NAMED: usize = 5;

/// The check of state that no operator takes.
const LEFT_OVER: &str = "All state has an operator";
/// The field of the choice to leave it behind, on an update's page.
const CHOICE: &str = "ignore_unclaimed_state";

/// The state that a job starts from. One of the two is there.
#[derive(Debug)]
pub(crate) struct StartState {
    /// The full address of a savepoint or checkpoint.
    pub(crate) path: Option<String>,
    /// The job that wrote it, or that has it now: it knows its operators by name.
    pub(crate) writer: Option<Writer>,
}

/// A job that has state.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) program: Program,
    /// It is running, and its newest checkpoint may be replaced by another one at any moment.
    pub(crate) runs: bool,
    /// It began without state, so that all that holds of it stands in its own job graph.
    pub(crate) fresh: bool,
}

impl Subject<'_> {
    /// The checks of the state: that it is there, and one for each way in which it does not fit.
    pub(super) async fn state(&self, spec: &ClusterSpec, state: &StartState, built: &Built) -> Vec<Check> {
        let began = Instant::now();
        let word = spec.job.program_word();
        let title = &*match &state.writer {
            Some(writer) if writer.runs => format!("The state of the running job fits the {word}"),
            Some(_) | None => format!("The savepoint exists and its state fits the {word}"),
        };
        let field = match self.purpose {
            Purpose::Creation => "savepoint",
            Purpose::Start => "from",
            Purpose::Update => "jar",
        };
        if built.graph.batch {
            return vec![Verdict::failed(self.begins_anew()).check(
                "The job takes its state up",
                field,
                began,
            )];
        }
        let fit = match self.fit(state, built).await {
            Ok(fit) => fit,
            Err(verdict) => return vec![verdict.check(title, field, began)],
        };
        let fresh = state.path.is_none() && state.writer.as_ref().is_some_and(|writer| writer.fresh);
        let clashes = self.clashes(spec, &fit, fresh);
        let with_state = fit.operators.iter().filter(|operator| operator.fit != StateFit::New).count();
        let whole = match &state.path {
            Some(path) => called(path),
            None => "Its own job graph".to_owned(),
        };
        let verdict = Verdict::passed(format!("{whole}: {with_state} operators with state"));
        let table = fit.operators.into_iter().map(|OperatorFit { id, name, fit, .. }| OperatorState {
            id,
            name,
            fit,
        });
        let table = Check { operators: table.collect(), ..verdict.check(title, field, began) };
        if clashes.is_empty() {
            return vec![table];
        }
        // What does not fit stands first; the table says the rest of it.
        let clash = |(title, verdict): (&'static str, Verdict)| {
            let field = if title == LEFT_OVER && self.purpose == Purpose::Update { CHOICE } else { field };
            verdict.check(title, field, began)
        };
        let mut checks: Vec<Check> = clashes.into_iter().map(clash).collect();
        checks[0].operators = table.operators;
        checks
    }

    /// A batch job takes up no state, whatever it is given: Flink says nothing and begins anew.
    fn begins_anew(&self) -> String {
        let instead = match self.purpose {
            Purpose::Creation => "Leave the savepoint out.",
            Purpose::Update => "If that is meant, use Stateless update.",
            Purpose::Start => "If that is meant, start it without state.",
        };
        format!("It is a batch job, and Flink gives a batch job no state: it would begin anew. {instead}")
    }

    async fn fit(&self, state: &StartState, built: &Built) -> Result<Fit, Verdict> {
        let runs = state.writer.as_ref().is_some_and(|writer| writer.runs);
        let before = match &state.writer {
            // Without its names the check still says what fits, and what does not by its id.
            Some(writer) => self.probe.graph(&writer.program, Asker::Command).await.ok(),
            None => None,
        };
        let before = before.as_ref().map(|built| &built.bytes);
        if let Some(path) = &state.path {
            let at = path.clone();
            let found = self.storage.off(move |storage| storage.state(&at)).await;
            match found.unwrap_or_else(|error| Err(error.to_string())) {
                Ok(place) => match self.probe.fits(Some(&place), before, &built.bytes).await {
                    Err(error) if runs && is_gone(&error) => {}
                    answer => return answer.map_err(|error| Verdict::of(&error)),
                },
                Err(why) if !runs => return Err(Verdict::failed(why)),
                // A newer checkpoint has taken its place; the job itself is left.
                Err(_) => {}
            }
        }
        match before {
            Some(before) => {
                self.probe.fits(None, Some(before), &built.bytes).await.map_err(|error| Verdict::of(&error))
            }
            None => {
                Err(Verdict::not_known("the job that has the state could not be asked what it consists of"))
            }
        }
    }

    /// `fresh`: what is only a rule of Flink for jobs that begin without state is certain.
    fn clashes(&self, spec: &ClusterSpec, fit: &Fit, fresh: bool) -> Vec<(&'static str, Verdict)> {
        let of = |kind: StateFit| -> Vec<&OperatorFit> {
            fit.operators.iter().filter(|operator| operator.fit == kind).collect()
        };
        let judged = |operators: &[&OperatorFit], sentence: String| {
            if fresh || operators.iter().any(|operator| operator.certain) {
                Verdict::failed(sentence)
            } else {
                Verdict::not_known(&format!("it may be that {}", decapitalised(&sentence)))
            }
        };
        let mut found = Vec::new();
        let left_over = of(StateFit::LeftOver);
        if !left_over.is_empty() {
            let ours = fit.operators.iter().any(|one| !matches!(one.fit, StateFit::LeftOver | StateFit::New));
            let verdict = self.left_over(spec, &left_over, ours);
            found.push((LEFT_OVER, verdict));
        }
        let changed = of(StateFit::MaxParallelism);
        if let Some(first) = changed.first() {
            let sentence = format!(
                "The state of {} was written with maximum parallelism {}, and the job sets {}. Set it \
                 (pipeline.max-parallelism, or setMaxParallelism in the code) to {} again, or start without this state.",
                names(&changed),
                first.was,
                first.wants,
                first.was
            );
            found.push(("Maximum parallelism stays", judged(&changed, sentence)));
        }
        let more = of(StateFit::Parallelism);
        if let Some(first) = more.first() {
            let sentence = format!(
                "The state of {} can be spread over {} subtasks at most, and the job asks for {}. Lower the parallelism \
                 to {} or less, or start without this state.",
                names(&more),
                first.was,
                first.wants,
                first.was
            );
            found.push(("State can be spread over all subtasks", judged(&more, sentence)));
        }
        let keys = of(StateFit::KeyType);
        if let Some(first) = keys.first() {
            let sentence = format!(
                "The keys of {} were written by {}, and the job reads them by {}. Change their type back; or give the \
                 operator a new uid, and its old state is left over.",
                names(&keys),
                first.was,
                first.wants
            );
            found.push(("Keys keep their type", judged(&keys, sentence)));
        }
        found
    }

    fn left_over(&self, spec: &ClusterSpec, operators: &[&OperatorFit], ours: bool) -> Verdict {
        let (names, word) = (names(operators), spec.job.program_word());
        if ignores_unclaimed_state(&spec.job.options) {
            return Verdict::warned(format!(
                "The state of {names} finds no place in this {word} and is left behind, as you have chosen."
            ));
        }
        let choice = match self.purpose {
            Purpose::Creation => format!("set the option {IGNORE_UNCLAIMED_STATE} to true"),
            Purpose::Update => {
                format!("choose “Go on without the state that no operator takes” ({IGNORE_UNCLAIMED_STATE})")
            }
            Purpose::Start => format!("update the job with the option {IGNORE_UNCLAIMED_STATE} set to true"),
        };
        Verdict::failed(if ours {
            format!(
                "The state of {names} finds no place in this {word}: the operator was removed, or its uid was changed. Give \
                 it its old uid; or, to leave that state behind, {choice}."
            )
        } else {
            format!(
                "The state of {names} finds no place in this {word}, and nothing of it does: it is another job's. Choose \
                 another savepoint, or start without state."
            )
        })
    }
}

fn is_gone(error: &ProbeError) -> bool {
    matches!(&*error.kind, "SAVEPOINT_NOT_FOUND" | "SAVEPOINT_UNREADABLE")
}

/// “Count” (298755e8…), “Discard” and 2 more.
fn names(operators: &[&OperatorFit]) -> String {
    let name = |operator: &&OperatorFit| match &operator.name {
        Some(name) => format!("“{name}”"),
        None => format!("the operator {}, which is known by this id alone,", operator.id),
    };
    let named: Vec<String> = operators.iter().take(NAMED).map(name).collect();
    match operators.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn decapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
