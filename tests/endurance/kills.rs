//! `kill -9` at any moment, again and again.

use std::time::{Duration, Instant};

use tocsin::{
    event::Topic,
    store::{Coverage, CoverageReason},
};

use crate::{
    afterwards::{accepted, coverage, holds, numbered, reader},
    lab::Lab,
    program::until,
};

/// How often the program is killed, unless `TOCSIN_KILLS` says otherwise.
const KILLS: u32 = 20;

#[test]
fn killed_at_any_moment_it_loses_nothing_and_repeats_one_pop_up_at_most() {
    let told = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect(name));
    let kills = told("TOCSIN_KILLS").map_or(KILLS, |kills| u32::try_from(kills).unwrap());
    let seed = told("TOCSIN_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("{kills} kills; TOCSIN_SEED={seed} gives the same moments");
    let mut moments = fastrand::Rng::with_seed(seed);
    let Some(lab) = Lab::new(20.0) else { return };
    let feed = lab.feed(Duration::from_millis(7));

    let mut listened = 0;
    let mut slowest = Duration::ZERO;
    for kill in 0..kills {
        let begun = Instant::now();
        let mut program = lab.start();
        // Now and then before it listens: while it starts, and evaluates what the one before left behind.
        if moments.u8(0..5) > 0 {
            program.says("security: listening");
            listened += 1;
            slowest = slowest.max(begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(moments.u64(0..900)));
        assert!(program.runs(), "kill {kill}: it ended by itself: {}", program.err());
        program.kill();
    }
    let mut last = lab.start();
    last.says("security: listening");
    let before = feed.sent();
    until("a hundred more are sent", || feed.sent() > before + 100);
    drop(feed);
    until("nothing is owed any more", || {
        let stats = reader(&lab.data).stats().unwrap();
        stats.waiting == 0 && !stats.deliveries.contains_key("owed")
    });
    let (code, said) = last.end();
    assert_eq!(code, Some(0), "{said}");

    let stats = holds(&lab.data);
    let shown = lab.bus.shown();
    let twice = numbered(&lab.data, &shown);
    let accepted = accepted(&lab.data);
    println!("{listened} starts came to listening, the slowest of them within {:.1} s", slowest.as_secs_f64());
    println!(
        "{} rows, {} numbered frames accepted, {} pop-ups shown, {twice} of them twice",
        stats.rows,
        accepted.len(),
        shown.len()
    );
    assert!(twice <= kills as usize, "{twice} pop-ups were shown twice in {kills} kills");
    assert!(accepted.len() > 20 * listened, "too few frames to tell: {}", accepted.len());
    // In the order they were sent, none twice; and what is missing was on its way when the program was killed.
    assert!(accepted.is_sorted_by(|one, next| one < next), "frames twice or out of order");
    let holes = accepted.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
    assert!(holes <= kills as usize, "{holes} holes in the frames of {kills} lives");
    // A life that finds a topic heard begins by saying that nobody listened meanwhile.
    let coverage = coverage(&lab.data);
    for topic in Topic::ALL {
        let said: Vec<&Coverage> = coverage.iter().map(|(_, row)| row).filter(|row| row.topic == topic).collect();
        assert!(!said.windows(2).any(|pair| pair[0].heard && pair[1].heard), "{topic} is heard twice in a row");
    }
    let deaf = |(_, row): &&(_, Coverage)| row.topic == Topic::Security && row.reason == CoverageReason::NotRunning;
    let deaf = coverage.iter().filter(deaf).count();
    // A few are killed between printing that they listen and writing it down.
    assert!(deaf >= listened * 9 / 10, "{deaf} of {listened}");
}
