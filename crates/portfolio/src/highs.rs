//! The same model handed to HiGHS (Huangfu and Hall 2018), an open-source solver in C++.

use ::highs::{Col, HighsModelStatus, HighsSolutionStatus, RowProblem, Sense, SolvedModel};

use crate::instance::{Instance, UNLIMITED};
use crate::lagrange::Prices;
use crate::limits::Limits;
use crate::math::{At, float, round};
use crate::model::Plan;
use crate::outcome::Proof;
use crate::placement::Placement;
use crate::solve::{Found, complete};
use crate::{Error, greedy};

/// Solves by HiGHS alone, or from a plan that is there already.
pub(crate) fn search<'a>(
    plan: &Plan,
    instance: &'a Instance,
    limits: &Limits<'_>,
    from: Option<Found<'a>>,
) -> Result<Found<'a>, Error> {
    let model = Model::new(instance);
    let alone = from.is_none();
    let solved = model.run(limits, from.as_ref())?;
    let status = solved.status();
    if status == HighsModelStatus::Infeasible {
        complete(plan, &greedy::plan(instance), true)?;
        return Err(failed("infeasible, though a plan is known"));
    }
    let bound = solved
        .double_info_value(c"mip_dual_bound")
        .map_err(|status| failed(&format!("no bound: {status:?}")))?;
    let starts = model.starts(&solved);
    let best = starts.and_then(|starts| Placement::of(instance, &starts));
    // HiGHS allows a limit to be passed by its tolerance; what passes one in whole numbers is no plan.
    let (best, prices, proven) = match (best, from) {
        (Some(best), Some(from)) if from.best.score() >= best.score() => {
            (from.best, from.prices, from.bound)
        }
        (None, Some(from)) => (from.best, from.prices, from.bound),
        (Some(best), from) => {
            let proven = from.as_ref().map_or(i64::MAX, |from| from.bound);
            (
                best,
                from.map_or_else(|| Prices::free(instance), |from| from.prices),
                proven,
            )
        }
        (None, None) => return Err(failed(&format!("no plan; its status is {status:?}"))),
    };
    complete(plan, &best, false)?;
    let value = best.value().unwrap_or(i64::MIN);
    let told = i64::try_from(round(((bound + model.constant) * 1000.0 - 1e-3).ceil()))
        .unwrap_or(i64::MAX)
        .max(value);
    let exact = !alone && proven <= told;
    Ok(Found {
        best,
        bound: if exact { proven } else { told },
        proof: if exact { Proof::Exact } else { Proof::Highs },
        prices,
    })
}

fn failed(reason: &str) -> Error {
    Error::Highs {
        reason: reason.to_owned(),
    }
}

struct Model<'a> {
    instance: &'a Instance,
    problem: RowProblem,
    /// Each column's job and start, in the order of the columns.
    columns: Vec<(usize, usize)>,
    /// What the plan is worth with nothing in it; HiGHS is told only what is gained beyond.
    constant: f64,
}

impl<'a> Model<'a> {
    fn new(instance: &'a Instance) -> Self {
        let mut problem = RowProblem::new();
        let mut columns = Vec::new();
        let mut of_job: Vec<Vec<(usize, Col)>> = Vec::new();
        let mut constant = 0.0;
        let mut rows: Vec<Vec<(Col, f64)>> = vec![Vec::new(); instance.limit.len()];
        for (job, it) in instance.jobs.iter().enumerate() {
            let none = if it.must { 0 } else { it.none };
            constant += float(none) / 1000.0;
            let mut own = Vec::with_capacity(it.starts.len());
            for start in &it.starts {
                let column = problem.add_integer_column(float(start.value - none) / 1000.0, 0..=1);
                columns.push((job, start.at));
                own.push((start.at, column));
                instance.needs(it, start.at, |resource, amount| {
                    if let Some(row) = rows.get_mut(resource) {
                        row.push((column, scaled(instance, resource, amount)));
                    }
                });
            }
            let all = own.iter().map(|(_, column)| (*column, 1.0));
            if it.must {
                problem.add_row(1..=1, all);
            } else {
                problem.add_row(..=1, all);
            }
            of_job.push(own);
        }
        for (resource, row) in rows.into_iter().enumerate() {
            let limit = instance.limit.at(resource);
            if limit != UNLIMITED {
                problem.add_row(..=scaled(instance, resource, limit), row);
            }
        }
        add_prerequisites(&mut problem, instance, &of_job);
        Self {
            instance,
            problem,
            columns,
            constant,
        }
    }

    fn run(&self, limits: &Limits<'_>, from: Option<&Found<'_>>) -> Result<SolvedModel, Error> {
        let fault = |status| failed(&format!("{status:?}"));
        let mut model = self
            .problem
            .clone()
            .try_optimise(Sense::Maximise)
            .map_err(fault)?;
        let set = |error| failed(&format!("an option: {error:?}"));
        model.make_quiet();
        model.try_set_option("threads", 1).map_err(set)?;
        model.try_set_option("random_seed", 2019).map_err(set)?;
        let gap = f64::from(limits.gap.as_ppm()) / 1e6;
        model.try_set_option("mip_rel_gap", gap).map_err(set)?;
        model.try_set_option("mip_abs_gap", 1e-4).map_err(set)?;
        if let Some(time) = limits.time_ms {
            let left = time.saturating_sub((limits.clock)()).max(10);
            let seconds = float(i64::try_from(left).unwrap_or(i64::MAX)) / 1000.0;
            model.try_set_option("time_limit", seconds).map_err(set)?;
        }
        if let Some(from) = from {
            let chosen = |column: &(usize, usize)| from.best.start.at(column.0) == Some(column.1);
            let values: Vec<f64> = self
                .columns
                .iter()
                .map(|column| f64::from(u8::from(chosen(column))))
                .collect();
            model
                .try_set_solution(Some(&values), None, None, None)
                .map_err(fault)?;
        }
        model.try_solve().map_err(fault)
    }

    fn starts(&self, solved: &SolvedModel) -> Option<Vec<Option<usize>>> {
        if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
            return None;
        }
        let solution = solved.get_solution();
        let mut starts = vec![None; self.instance.jobs.len()];
        for ((job, at), value) in self.columns.iter().zip(solution.columns()) {
            if *value > 0.5 {
                starts.put(*job, Some(*at));
            }
        }
        Some(starts)
    }
}

/// Money in ten thousand yuan: numbers that a floating-point solver likes.
fn scaled(instance: &Instance, resource: usize, amount: i64) -> f64 {
    let first_unit = instance.horizon + instance.years.len();
    if resource < first_unit {
        float(amount) / 1e6
    } else {
        float(amount)
    }
}

/// By each quarter a job may have started only if its prerequisite has ended: the strong form.
fn add_prerequisites(problem: &mut RowProblem, instance: &Instance, of_job: &[Vec<(usize, Col)>]) {
    for (before, job) in instance.edges() {
        let long = instance
            .jobs
            .get(before)
            .map_or(0, crate::instance::Job::quarters);
        let (Some(first), Some(second)) = (of_job.get(before), of_job.get(job)) else {
            continue;
        };
        for at in second.iter().map(|(at, _)| *at) {
            let begun = second.iter().filter(|(start, _)| *start <= at);
            let ended = first.iter().filter(|(start, _)| start + long <= at);
            let row = begun
                .map(|(_, column)| (*column, 1.0))
                .chain(ended.map(|(_, column)| (*column, -1.0)));
            problem.add_row(..=0, row.collect::<Vec<_>>());
        }
    }
}
