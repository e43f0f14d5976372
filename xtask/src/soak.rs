//! `cargo xtask soak`: the real program on the simulator for as long as there is patience for.

use crate::{
    step::{self, Outcome},
    system,
};

/// How long it takes in all, unless said.
const MINUTES: u32 = 15;
/// The kills of the long mode.
const KILLS: u32 = 200;
/// How many of them there is time for in a minute.
const KILLS_A_MINUTE: u32 = 40;

/// `[--minutes N]`: about a third of it for kills, the rest for eight days of the log's time.
pub fn command(words: &[String]) -> Outcome<()> {
    let minutes = match words {
        [] => MINUTES,
        [name, number] if name == "--minutes" => number
            .parse()
            .ok()
            .filter(|minutes| *minutes >= 3)
            .ok_or("--minutes needs a whole number from 3, such as --minutes 15.")?,
        _ => return Err("cargo xtask soak takes --minutes N and nothing else.".to_owned()),
    };
    system::require(system::ENGINE)?;
    system::require(system::DESKTOP_TESTS)?;
    let kills = KILLS.min(minutes * KILLS_A_MINUTE / 3);
    let rest = minutes - kills.div_ceil(KILLS_A_MINUTE);
    step::run(
        &format!("{kills} kills"),
        test("kills::killed_at_any_moment_it_loses_nothing_and_repeats_one_pop_up_at_most")
            .env("TOCSIN_KILLS", kills.to_string()),
    )?;
    step::run(
        &format!("eight days in {rest} minutes"),
        test("soak::eight_days_in_minutes").env("TOCSIN_SOAK_MINUTES", rest.to_string()),
    )
}

fn test(name: &str) -> std::process::Command {
    step::cargo(&["test", "-p", "tocsin", "--test", "endurance", "--", "--exact", name, "--nocapture"])
}
