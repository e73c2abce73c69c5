//! Prints how long one decision takes, explanation included: `cargo run --release --example decide_speed`.

use std::hint::black_box;
use std::time::Instant;

use policy::{Error, Inputs, Lang, builtin, parse_date};

const ROUNDS: u32 = 1_000_000;

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
        let start = Instant::now();
        for _ in 0..ROUNDS {
            let inputs = given.iter().fold(Inputs::new(), |inputs, (name, value)| {
                inputs.text(black_box(name), black_box(value))
            });
            black_box(builtin().get(black_box(id))?.on(on)?.decide(&inputs)?);
        }
        let nanoseconds = start.elapsed().as_nanos() / u128::from(ROUNDS);
        let inputs = given.iter().fold(Inputs::new(), |inputs, (name, value)| {
            inputs.text(name, value)
        });
        let decision = builtin().get(id)?.on(on)?.decide(&inputs)?;
        let start = Instant::now();
        for _ in 0..ROUNDS / 100 {
            black_box(decision.explanation.render(black_box(Lang::Zh)));
        }
        let rendered = start.elapsed().as_nanos() / u128::from(ROUNDS / 100);
        println!("{id}: {nanoseconds} ns a decision, {rendered} ns to render its explanation");
    }
    Ok(())
}
