//! Prints how long one decision takes, explanation included: `cargo run --release --example decide_speed`.

use std::hint::black_box;
use std::time::Instant;

use policy::{Error, Inputs, Lang, builtin, parse_date};

const ROUNDS: u32 = 20_000;
const BATCHES: u32 = 50;

fn main() -> Result<(), Error> {
    let on = parse_date("2026-03-01")?;
    let cases: [(&str, &[(&str, &str)]); 3] = [
        ("owners_resolution.thresholds", &[("matter", "rebuild")]),
        (
            "owners_meeting.notice",
            &[("place", "330602"), ("meeting", "regular")],
        ),
        (
            "owners_counting.heads",
            &[("place", "330602"), ("holding", "several_units")],
        ),
    ];
    for (id, given) in cases {
        let inputs = || {
            let given = given.iter();
            given.fold(Inputs::new(), |inputs, (name, value)| {
                inputs.text(black_box(name), black_box(value))
            })
        };
        let decided = best_of(|| {
            black_box(builtin().get(black_box(id))?.on(on)?.decide(&inputs())?);
            Ok(())
        })?;
        let decision = builtin().get(id)?.on(on)?.decide(&inputs())?;
        let rendered = best_of(|| {
            black_box(decision.explanation.render(black_box(Lang::Zh)));
            Ok(())
        })?;
        println!("{id}: {decided} ns a decision, {rendered} ns to render its explanation");
    }
    Ok(())
}

/// Nanoseconds a round in the best batch, so that other work on the machine does not count.
fn best_of(mut round: impl FnMut() -> Result<(), Error>) -> Result<u128, Error> {
    let mut best = u128::MAX;
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..ROUNDS / BATCHES {
            round()?;
        }
        best = best.min(start.elapsed().as_nanos() / u128::from(ROUNDS / BATCHES));
    }
    Ok(best)
}
