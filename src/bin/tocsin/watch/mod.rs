//! `tocsin watch`: the pipeline without a window. Alert changes as they happen, one line each.

mod feed;
mod print;
mod rehearsal;

use std::{
    collections::BTreeSet,
    io::{BufRead as _, IsTerminal as _, Read as _},
    path::PathBuf,
    time::Duration,
};

use clap::{Args, ValueEnum};
use secrecy::SecretString;
use tocsin::{
    api,
    clock::Clock,
    event::Topic,
    pipeline::{Bell, Input, Options, Pipeline, PopupBell, Silent},
    rules::{duration, folder::Folder, shipped, watch::Watch},
    secrets::STREAMING_KEY,
    sink::desktop::Popups,
    source::{self, Account, Endpoint, KeyHolder, PrivateCa},
    store::{EngineSettings, Retention, Store, data_folder, make_data_folder},
};

use self::print::Printer;
use crate::{Ending, Failure, output::complain};

/// What the command is told.
#[derive(Debug, Args)]
#[allow(clippy::struct_field_names)] // the names are the options' own
pub struct Arguments {
    /// Listen to a made-up campus on this computer: no account needed
    #[arg(long, conflicts_with_all = ["endpoint", "key_stdin", "ca"])]
    demo: bool,
    /// Central's streaming endpoint, as its Streaming page shows it
    #[arg(long, value_name = "HOST", required_unless_present = "demo")]
    endpoint: Option<String>,
    /// The topics to listen to
    #[arg(long = "topic", value_name = "TOPIC", num_args = 1.., value_delimiter = ',', required_unless_present = "demo")]
    topics: Vec<Topic>,
    /// The folder of rules; without it, the one in the data folder
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Read the key from standard input in place of the keyring; it is kept nowhere
    #[arg(long)]
    key_stdin: bool,
    /// Certificates of a private CA (PEM) to trust for this host
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Send the key to a host that is not one of Central's own
    #[arg(long)]
    trust_host: bool,
    /// Show desktop notifications too
    #[arg(long)]
    notify: bool,
    /// The data folder; without it, the system's usual place
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The account of the window whose key and log are meant, by its name; without it, the first
    #[arg(long, value_name = "NAME", conflicts_with = "demo")]
    account: Option<String>,
    /// How long the log keeps what was heard, such as 90d; without it, as the settings in the data folder say (30 days)
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    keeps: Option<Duration>,
    /// How to print
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// For tests: the log's clock begins at a time and hurries; lines after the key set it
    #[arg(long, hide = true, value_name = "SPEED@TIME", requires = "key_stdin")]
    rehearse: Option<rehearsal::Rehearsal>,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// JSON Lines, as `replay` prints them
    Json,
    /// A line for people
    Text,
}

/// Runs until Ctrl+C or SIGTERM.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(watch(arguments))
}

async fn watch(arguments: &Arguments) -> Result<Ending, Failure> {
    let clock = Clock::system();
    let demo = if arguments.demo { Some(feed::Demo::start(clock).await?) } else { None };
    let data = match &demo {
        Some(demo) if arguments.data.is_none() => demo.folder(),
        _ => data_folder(arguments.data.as_deref())?,
    };
    make_data_folder(&data)?;
    let folder = rules_folder(arguments, &data)?;
    let loaded = folder.load();
    let (log, key_entry) = match arguments.account.as_deref() {
        None => (data.clone(), STREAMING_KEY.to_owned()),
        Some(name) => {
            let place = api::account_place(&data, Some(name)).map_err(|error| error.message)?;
            (place.folder, place.key_entry)
        }
    };
    let (account, key) = match &demo {
        Some(demo) => (demo.account(&arguments.topics)?, demo.key()),
        None => (account(arguments)?, feed::key(arguments.key_stdin, &key_entry, clock).await?),
    };
    account.may_send_key().map_err(|problem| format!("{} Add --trust-host if that is so.", problem.message))?;

    // The connections wait on real lines: only the log's clock hurries.
    let log_clock = arguments.rehearse.map_or(clock, rehearsal::Rehearsal::begin);
    let store = Store::open(&log, clock.now())?;
    if let Some(aside) = &store.set_aside {
        complain(&format!("The database was damaged; it is kept as {}. A new one is begun.", aside.path.display()));
    }
    // As the window has them, so that both make the same of the folder. Its switches are those of its own rules.
    let (chosen, off, trouble) = api::settings(&data).map_err(|error| error.message)?;
    if let Some(trouble) = trouble {
        complain(&trouble);
    }
    let off = if arguments.rules.is_some() { BTreeSet::new() } else { off };
    let keeps = Retention { age: arguments.keeps.unwrap_or(chosen.retention().age), ..chosen.retention() };
    let options = Options {
        store: store.store,
        rules: api::ruling(&loaded, &off),
        settings: EngineSettings { zone: chosen.zone(), notifications: arguments.notify },
        noise: Some(chosen.noise),
        clock: log_clock,
        bell: bell(arguments.notify)?,
        keeps,
    };
    let handle = tokio::runtime::Handle::current();
    let started = tokio::task::spawn_blocking(move || Pipeline::start_listening(options, &handle));
    let (pipeline, told) = started.await??;
    print::name_findings(&pipeline.rules(), &loaded, keeps.age);

    let input = pipeline.input();
    let watch = Watch::start(folder, loaded, move |loaded| {
        let _ = input.blocking_send(Input::Rules(api::ruling(loaded, &off)));
    });
    if let Err(error) = &watch {
        complain(&format!(
            "The rules folder cannot be watched: {error}. What you change in it counts after a restart."
        ));
    }
    let (heard, hearing) = tokio::sync::mpsc::channel(1_024);
    let keys = KeyHolder::new(key.secret, key.held).map_err(|problem| problem.message)?;
    let running = source::start(account, keys, clock, heard);
    let mut printing = tokio::spawn(Printer::new(format(arguments), told).run());
    let ended = tokio::select! {
        () = feed::forward(hearing, pipeline.input()) => None,
        printed = &mut printing => Some(printed),
        () = feed::told_to_stop() => None,
    };
    running.stop().await;
    let stopped = tokio::task::spawn_blocking(move || pipeline.stop()).await?;
    // What came of the last rows is printed too: the printer ends when nothing more can be told.
    let printed = match ended {
        Some(printed) => printed,
        None => printing.await,
    };
    if let Some(demo) = demo {
        demo.end().await;
    }
    stopped?;
    printed?.map(|()| Ending::Good).map_err(Into::into)
}

fn format(arguments: &Arguments) -> Format {
    let people = arguments.demo || std::io::stdout().is_terminal();
    arguments.format.unwrap_or(if people { Format::Text } else { Format::Json })
}

/// The folder of rules; one that is empty or not there, and not named, begins with the rules that ship.
fn rules_folder(arguments: &Arguments, data: &std::path::Path) -> Result<Folder, Failure> {
    match &arguments.rules {
        Some(named) if !named.is_dir() => Err(format!("There is no folder {}.", named.display()).into()),
        Some(named) => Ok(Folder::new(named)),
        None => {
            let root = data.join("rules");
            shipped::seed(&root)
                .map_err(|error| format!("The rules folder {} cannot be used: {error}.", root.display()))?;
            Ok(Folder::new(root))
        }
    }
}

fn bell(notify: bool) -> Result<Box<dyn Bell>, Failure> {
    if !notify {
        return Ok(Box::new(Silent));
    }
    Ok(Box::new(PopupBell { popups: Some(Popups::start(|_| {})?), whose: String::new() }))
}

fn account(arguments: &Arguments) -> Result<Account, Failure> {
    let endpoint =
        Endpoint::parse(arguments.endpoint.as_deref().unwrap_or_default()).map_err(|problem| problem.message)?;
    let mut account = Account::new(endpoint, arguments.topics.clone());
    if let Some(file) = &arguments.ca {
        let pem =
            std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
        account.private_ca = Some(PrivateCa::from_pem(&pem).map_err(|problem| problem.message)?);
    }
    // Whoever names a CA for a host, or a host on this computer, has said that it is theirs.
    account.host_confirmed = arguments.trust_host || arguments.ca.is_some() || account.endpoint.is_loopback();
    Ok(account)
}

/// The first line of standard input.
fn key_from_stdin() -> Result<SecretString, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().take(16 * 1024).read_line(&mut line)?;
    Ok(source::key::tidy(&line))
}
