//! Eight days of the log's time in minutes, with everything that can go wrong. `cargo xtask soak` runs it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};
use tocsin::{
    alert::ChangeKind,
    clock::Clock,
    decode,
    simulator::{Fault, Simulator, story},
    store::RowBody,
};

use crate::{
    afterwards::{accepted, accepted_after, coverage, holds, numbered, reader, rows},
    lab::Lab,
    program::{Program, until, until_or},
    vitals::Chart,
};

const DAYS: f64 = 8.0;
const KEYS: u32 = 50;
const JUMPS: u32 = 12;
const KILLS: u32 = 5;
const OVERSIZE: u32 = 3;
/// Longer than it takes each fault to strike.
const FAULT: Duration = Duration::from_secs(11);

#[test]
fn eight_days_in_minutes() {
    let Ok(minutes) = std::env::var("TOCSIN_SOAK_MINUTES") else { return };
    let minutes: f64 = minutes.parse().expect("TOCSIN_SOAK_MINUTES is a number");
    let seed = std::env::var("TOCSIN_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("{minutes} minutes; TOCSIN_SEED={seed} gives the same order of faults");
    let Some(mut soak) = Soak::begin(minutes, seed) else { return };
    soak.many_lives();
    soak.one_life();
    soak.end();
}

struct Soak {
    lab: Lab,
    clock: Clock,
    speed: f64,
    length: Duration,
    began: Instant,
    chance: fastrand::Rng,
    program: Program,
    chart: Chart,
    said: String,
    story: Story,
    keys: u32,
    jumps: u32,
    kills: u32,
    faults: BTreeMap<Fault, u32>,
}

impl Soak {
    fn begin(minutes: f64, seed: u64) -> Option<Self> {
        let lab = Lab::new(0.0)?;
        let speed = DAYS * 24.0 * 60.0 / minutes;
        let clock = Clock::hurried(speed);
        let program = lab.rehearse(speed, clock.now());
        Some(Self {
            story: Story::tell(Arc::clone(&lab.central), clock),
            chart: Chart::of(program.id()),
            program,
            clock,
            speed,
            length: Duration::from_secs_f64(minutes * 60.0),
            began: Instant::now(),
            chance: fastrand::Rng::with_seed(seed),
            said: String::new(),
            keys: 0,
            jumps: 0,
            kills: 0,
            faults: BTreeMap::new(),
            lab,
        })
    }

    /// How much of it is over.
    fn part(&self) -> f64 {
        self.began.elapsed().as_secs_f64() / self.length.as_secs_f64()
    }

    /// All faults, and the program is killed, stopped and started between them.
    fn many_lives(&mut self) {
        let feed = self.lab.feed(Duration::from_millis(300));
        while self.part() < 0.4 {
            let mut faults = Fault::ALL.to_vec();
            self.chance.shuffle(&mut faults);
            for fault in faults {
                self.strike(fault);
                // A refusal that only people can mend is looked at again after minutes: whoever mends it starts anew.
                if matches!(fault, Fault::Unauthorized | Fault::Unsubscribed | Fault::HostileRefusal) {
                    self.restart();
                } else if self.kills < KILLS {
                    self.kills += 1;
                    self.kill();
                } else if self.chance.u8(0..6) == 0 {
                    self.program.signal("STOP");
                    thread::sleep(Duration::from_secs(14));
                    self.program.signal("CONT");
                }
                if self.part() > 0.4 {
                    break;
                }
            }
        }
        self.restart();
        drop(feed);
    }

    /// All faults but refusals for people, and the program lives through them: its memory, files and tasks are watched.
    fn one_life(&mut self) {
        let feed = self.lab.feed(Duration::from_millis(300));
        while self.part() < 1.0 {
            let mut faults = Fault::ALL.to_vec();
            faults.retain(|fault| !matches!(fault, Fault::Unauthorized | Fault::Unsubscribed | Fault::HostileRefusal));
            self.chance.shuffle(&mut faults);
            for fault in faults {
                // Each strike is hundreds of megabytes in the log, which keeps two gigabytes.
                let enough =
                    fault == Fault::Oversize && self.faults.get(&fault).is_some_and(|times| *times >= OVERSIZE);
                if self.part() < 1.0 && !enough {
                    self.strike(fault);
                }
            }
        }
        drop(feed);
    }

    fn strike(&mut self, fault: Fault) {
        *self.faults.entry(fault).or_default() += 1;
        self.lab.central.inject(fault);
        self.pass(FAULT);
        self.lab.central.clear_faults();
        self.pass(Duration::from_secs(3));
    }

    /// Lets time go by, in which keys are replaced and clocks are set.
    fn pass(&mut self, span: Duration) {
        let end = Instant::now() + span;
        while Instant::now() < end {
            thread::sleep(Duration::from_millis(500));
            self.chart.look();
            if self.keys < KEYS && f64::from(self.keys) < self.part() * f64::from(KEYS + 1) {
                self.keys += 1;
                self.lab.central.replace_key();
                self.lab.central.drop_connections();
            }
            if self.jumps < JUMPS && f64::from(self.jumps) < self.part() * f64::from(JUMPS + 1) {
                self.jumps += 1;
                let hours = self.chance.i64(1..=5) * if self.jumps.is_multiple_of(2) { -1 } else { 1 };
                self.program.tell(&(hours * 3_600).to_string());
            }
            assert!(self.program.runs(), "it ended by itself: {}", self.program.err());
        }
    }

    fn live(&mut self) -> Program {
        let next = self.lab.rehearse(self.speed, self.clock.now());
        self.chart = Chart::of(next.id());
        let before = std::mem::replace(&mut self.program, next);
        self.program.says("listening");
        before
    }

    fn kill(&mut self) {
        self.program.signal("KILL");
        self.program.wait();
        let before = self.live();
        self.said += &before.err();
    }

    fn restart(&mut self) {
        self.program.signal("TERM");
        let status = self.program.wait();
        assert_eq!(status.code(), Some(0), "{}", self.program.err());
        let before = self.live();
        self.said += &before.err();
    }

    /// It hears again, everything is evaluated and told, and all of it is as it should be.
    fn end(mut self) {
        let lab = &self.lab;
        let last = lab.feed(Duration::from_millis(300));
        let before = accepted_after(&lab.data, 0).1;
        let again = || accepted_after(&lab.data, before).0.len() > 10;
        until_or("it hears again after all of it", again, || self.program.err());
        drop(last);
        drop(self.story);
        until("nothing is owed any more", || {
            let stats = reader(&lab.data).stats().unwrap();
            stats.waiting == 0 && !stats.deliveries.contains_key("owed")
        });
        let (code, said) = self.program.end();
        assert_eq!(code, Some(0), "{said}");
        self.said += &said;

        let checking = Instant::now();
        let stats = holds(&lab.data);
        let checked = checking.elapsed();
        let shown = lab.bus.shown();
        let twice = numbered(&lab.data, &shown);
        assert!(twice <= KILLS as usize, "{twice} pop-ups twice");
        let rows = rows(&lab.data);
        let (first, end) = (rows[0].received, rows[rows.len() - 1].received);
        let days = end.duration_since(first).as_secs_f64() / 86_400.0;
        assert!(days > DAYS * 0.95, "only {days} days");
        let (mut unreadable, mut records) = (0, 0);
        for row in &rows {
            if let RowBody::Frame { topic, bytes } = &row.body {
                match decode::frame(Some(*topic), row.seq, row.received, bytes) {
                    Ok(events) => records += events.len(),
                    Err(_) => unreadable += 1,
                }
            }
        }
        assert_eq!(stats.rejected.values().sum::<u64>(), unreadable, "what could not be read is counted");
        let mut holes: BTreeMap<String, u32> = BTreeMap::new();
        let mut missed = 0;
        for (_, row) in coverage(&lab.data).into_iter().filter(|(_, row)| !row.heard) {
            *holes.entry(format!("{:?}", row.reason)).or_default() += 1;
            if row.reason == tocsin::store::CoverageReason::Overload {
                missed += row.missed;
            }
        }
        assert_eq!(stats.let_go.values().sum::<u64>(), missed, "what was let go is counted");
        let mut changes: BTreeMap<&str, u32> = BTreeMap::new();
        for (_, change) in reader(&lab.data).changes(0, 100_000_000).unwrap() {
            *changes.entry(change.change.name()).or_default() += 1;
        }
        assert!(changes.get(ChangeKind::Resolved.name()).is_some_and(|count| *count > 10));
        let looks = &self.chart.looks;
        let quarter = |from: usize, to: usize| {
            let some = &looks[looks.len() * from / 4..looks.len() * to / 4];
            some.iter().map(|look| look.memory).sum::<u64>() / some.len() as u64
        };
        let range = |of: &dyn Fn(&crate::vitals::Vitals) -> usize| {
            let settled = &looks[looks.len() / 4..];
            (settled.iter().map(of).min().unwrap(), settled.iter().map(of).max().unwrap())
        };
        let (files, tasks) = (range(&|look| look.files), range(&|look| look.tasks));
        let size: u64 = std::fs::metadata(lab.data.join("tocsin.db")).unwrap().len();
        println!(
            "log: {days:.2} days in {:.1} minutes, {} times as fast",
            self.length.as_secs_f64() / 60.0,
            self.speed
        );
        println!("faults: {:?}", self.faults);
        println!(
            "keys replaced: {}, renewed {}; clock set: {}; killed: {KILLS}",
            self.keys,
            self.said.matches("the key was renewed").count(),
            self.jumps
        );
        println!("rows: {}; frames stored: {:?}; records in them: {records}", stats.rows, stats.stored);
        println!("rejected, of those stored: {:?}; let go in overloads, by the log: {missed}", stats.rejected);
        println!("stretches not heard, by reason: {holes:?}");
        println!("numbered frames accepted: {}, each with its alert", accepted(&lab.data).len());
        println!(
            "changes: {changes:?}; matched {}, notified {}, suppressed {:?}",
            stats.matched, stats.notified, stats.suppressed
        );
        println!("pop-ups shown: {}, of the numbered ones {twice} twice", shown.len());
        println!(
            "last life of {:.1} minutes: memory by quarter {} {} {} {} KiB, slope of the later half {:.0} KiB a minute; \
             files {files:?}, tasks {tasks:?}",
            looks[looks.len() - 1].at.as_secs_f64() / 60.0,
            quarter(0, 1),
            quarter(1, 2),
            quarter(2, 3),
            quarter(3, 4),
            self.chart.slope()
        );
        println!(
            "database: {} KiB; run again in one go, and the same byte for byte, within {:.0} s",
            size / 1024,
            checked.as_secs_f64()
        );
        assert!(quarter(3, 4) < quarter(1, 2) * 3 / 2, "memory grows");
        assert!(files.1 - files.0 <= 16 && tasks.1 - tasks.0 <= 8, "files {files:?}, tasks {tasks:?}");
    }
}

/// The campus's story, a lap every two hours of its clock.
struct Story {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Story {
    fn tell(central: Arc<Simulator>, clock: Clock) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut lap = 0;
            while !end.load(Ordering::Relaxed) {
                let next: Timestamp = clock.now() + Duration::from_secs(2 * 3_600);
                let script = story::Script::new(lap, clock.now(), TimeZone::UTC);
                for cue in script.take_while(|cue| cue.at < Duration::from_secs(story::LAP)) {
                    central.send(cue.topic, cue.frame);
                    thread::sleep(Duration::from_millis(3));
                }
                lap += 1;
                while clock.now() < next && !end.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(20));
                }
            }
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
