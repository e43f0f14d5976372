//! What a process takes of the system, over time.

use std::time::{Duration, Instant};

/// One look.
#[derive(Clone, Copy, Debug)]
pub struct Vitals {
    pub at: Duration,
    /// Resident memory, in KiB.
    pub memory: u64,
    pub files: usize,
    pub tasks: usize,
}

/// All looks at one process.
pub struct Chart {
    id: u32,
    began: Instant,
    pub looks: Vec<Vitals>,
}

impl Chart {
    pub fn of(id: u32) -> Self {
        Self { id, began: Instant::now(), looks: Vec::new() }
    }

    /// Looks once; a process that is gone shows nothing.
    pub fn look(&mut self) {
        let folder = format!("/proc/{}", self.id);
        let count = |what: &str| std::fs::read_dir(format!("{folder}/{what}")).map(Iterator::count);
        let status = std::fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let memory =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        if let (Some(memory), Ok(files), Ok(tasks)) = (memory, count("fd"), count("task")) {
            self.looks.push(Vitals { at: self.began.elapsed(), memory, files, tasks });
        }
    }

    /// By how many KiB a minute memory grew over the later half, by least squares.
    pub fn slope(&self) -> f64 {
        let half = &self.looks[self.looks.len() / 2..];
        let count = half.len() as f64;
        let (x, y) = half.iter().fold((0.0, 0.0), |(x, y), look| (x + look.at.as_secs_f64(), y + look.memory as f64));
        let (x, y) = (x / count, y / count);
        let (mut over, mut under) = (0.0, 0.0);
        for look in half {
            let apart = look.at.as_secs_f64() - x;
            over += apart * (look.memory as f64 - y);
            under += apart * apart;
        }
        over / under * 60.0
    }
}
