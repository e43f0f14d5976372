//! `tocsin simulate`: a Central to develop against.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, builder::PossibleValue};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Fault, Options, Simulator},
};

use crate::{Ending, Failure, output::Lines};

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Chooses the campus, its people and every random turn
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many times as fast as the clock the story runs
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Write the CA to trust to this file, in PEM; without it, to a temporary one that goes at the end
    #[arg(long, value_name = "FILE")]
    ca_out: Option<PathBuf>,
    /// What is to go wrong
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',', value_parser = Faults)]
    fault: Vec<Fault>,
    /// The topics that are ticked on the account's Streaming page; all of them if left out
    #[arg(long, value_name = "TOPIC", num_args = 1.., value_delimiter = ',')]
    topics: Vec<Topic>,
    /// How to print: JSON Lines is the only way
    #[arg(long, value_parser = ["json"], default_value = "json")]
    format: String,
}

/// Reads a fault's name, and lists all of them in the help.
#[derive(Clone)]
struct Faults;

impl clap::builder::TypedValueParser for Faults {
    type Value = Fault;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Fault, clap::Error> {
        let names = clap::builder::PossibleValuesParser::new(Fault::ALL.map(Fault::name));
        let name = names.parse_ref(command, argument, value)?;
        name.parse().map_err(|message| clap::Error::raw(clap::error::ErrorKind::InvalidValue, format!("{message}\n")))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Fault::ALL.into_iter().map(|fault| PossibleValue::new(fault.name()).help(fault.description()))))
    }
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.01..=10_000.0).contains(&speed) => Ok(speed),
        _ => Err("a number from 0.01 to 10000".to_owned()),
    }
}

/// What is printed once the simulator listens.
#[derive(Serialize)]
struct Listening<'a> {
    endpoint: String,
    key: &'a str,
    ca: &'a Path,
}

/// Serves until Ctrl-C or SIGTERM.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: &Arguments) -> Result<Ending, Failure> {
    let ended = ended()?;
    let simulator = Simulator::start(Options {
        listen: arguments.listen,
        seed: arguments.seed,
        topics: if arguments.topics.is_empty() { Topic::ALL.to_vec() } else { arguments.topics.clone() },
        faults: arguments.fault.clone(),
        clock: Clock::hurried(arguments.speed),
        ..Options::default()
    })
    .await?;
    let ca = CaFile::write(arguments.ca_out.as_deref(), simulator.ca_pem())?;
    let mut output = Lines::new();
    let key = simulator.key();
    output.line(&Listening { endpoint: simulator.endpoint(), key: key.expose_secret(), ca: &ca.path })?;
    output.flush()?;
    drop(output);
    ended.await;
    simulator.stop().await;
    Ok(Ending::Good)
}

/// The file that holds the CA. A temporary one goes when this does.
struct CaFile {
    path: PathBuf,
    temporary: bool,
}

impl CaFile {
    fn write(wanted: Option<&Path>, pem: &str) -> Result<Self, Failure> {
        let (mut file, path) = match wanted {
            Some(path) => (File::create(path).map_err(|error| unwritten(path, &error))?, path.to_owned()),
            None => temporary()?,
        };
        file.write_all(pem.as_bytes()).map_err(|error| unwritten(&path, &error))?;
        Ok(Self { path: fs::canonicalize(&path).unwrap_or(path), temporary: wanted.is_none() })
    }
}

/// A new file in the folder for such. It is a shared one: never through what somebody else put there.
fn temporary() -> Result<(File, PathBuf), Failure> {
    /// One that was killed leaves its file behind, and another process may come to have its number.
    const MOST: u32 = 100;
    let mut number = 0;
    loop {
        let name = format!("tocsin-simulator-{}-{number}.pem", std::process::id());
        let path = std::env::temp_dir().join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < MOST => number += 1,
            Err(error) => return Err(unwritten(&path, &error).into()),
        }
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write the CA to {}: {error}", path.display())
}

impl Drop for CaFile {
    fn drop(&mut self) {
        if self.temporary {
            // Left behind, it harms nobody: its key is gone with the process.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Listens for the signals that end the command; the returned future is over when one came.
#[cfg(unix)]
fn ended() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Listens for the signals that end the command; the returned future is over when one came.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // as on Unix
fn ended() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where Ctrl-C cannot be heard, the command runs until it is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
