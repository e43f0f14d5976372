//! `tocsin key`: the streaming key in the system's keyring. The key comes in on standard input and never goes out.

use std::io::{self, IsTerminal, Read, Write};

use clap::{Subcommand, ValueEnum};
use secrecy::SecretString;
use serde::Serialize;
use tocsin::{
    clock::Clock,
    secrets::Keyring,
    source::{KeyInfo, Problem, key},
};

use crate::{
    Ending, Failure,
    data::{Data, account},
    output,
};

/// What to do with the key.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    data: Data,
    /// The account whose key is meant, by its name; the one that is listened to if left out
    #[arg(long, value_name = "NAME", global = true)]
    account: Option<String>,
    /// How the result is written on standard output
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Action {
    /// Read the key from standard input and keep it in the keyring
    Set,
    /// Say whose key the keyring holds and until when it works; exit 1 if there is none or it is over
    Status,
    /// Take the key out of the keyring; exit 1 if there was none
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// The result, as JSON.
#[derive(Serialize)]
struct Report {
    /// Whether the keyring holds a key now.
    held: bool,
    #[serde(flatten)]
    info: Option<KeyInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired: Option<bool>,
}

/// More than any key.
const LONGEST_INPUT: u64 = 64 * 1024;

/// Runs `tocsin key`.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let clock = Clock::system();
    let place = account(&arguments.data, arguments.account.as_deref())?;
    let keyring = Keyring::new(&place.key_entry, clock);
    // Which of several is meant is said; the only one needs no name.
    let whose = if place.name.is_empty() { String::new() } else { format!(" of {}", place.name) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let (info, ending, sentence) = match arguments.action {
        Action::Set => {
            let key = pasted()?;
            let info = key::read_key(&key)?;
            runtime.block_on(keyring.store(&key))?;
            let sentence = format!("The keyring holds the key{whose} now. {}", told(&info, clock));
            (Some(info), Ending::Good, sentence)
        }
        Action::Status => match runtime.block_on(keyring.read())? {
            Some(key) => {
                let info = key::read_key(&key)?;
                let ending = if info.expired(clock.now()) { Ending::Findings } else { Ending::Good };
                let sentence = told(&info, clock);
                (Some(info), ending, sentence)
            }
            None => (
                None,
                Ending::Findings,
                match arguments.account.as_deref() {
                    None => "The keyring holds no key for Tocsin. Put one in with: tocsin key set".to_owned(),
                    Some(_) => {
                        format!("The keyring holds no key{whose}. Put one in with: tocsin key set --account NAME")
                    }
                },
            ),
        },
        Action::Delete => {
            if runtime.block_on(keyring.delete())? {
                (None, Ending::Good, format!("The key{whose} is out of the keyring."))
            } else {
                (
                    None,
                    Ending::Findings,
                    format!("The keyring held no key{}.", if whose.is_empty() { " for Tocsin" } else { &whose }),
                )
            }
        }
    };
    if arguments.format == Format::Json {
        let expired = info.as_ref().map(|info| info.expired(clock.now()));
        let mut lines = output::Lines::new();
        lines.line(&Report { held: info.is_some(), info, expired })?;
        lines.flush()?;
    } else {
        writeln!(io::stdout(), "{sentence}")?;
    }
    Ok(ending)
}

fn pasted() -> Result<SecretString, Failure> {
    if io::stdin().is_terminal() {
        output::complain("paste the key, then press Enter and Ctrl-D");
    }
    let mut text = String::new();
    io::stdin()
        .take(LONGEST_INPUT)
        .read_to_string(&mut text)
        .map_err(|_| Problem::new("bad-key", "Standard input is not a text, and so not a key."))?;
    Ok(key::tidy(&text))
}

/// The customer's name was made inert when the key was read.
fn told(info: &KeyInfo, clock: Clock) -> String {
    let left = info.expires.duration_since(clock.now()).as_hours();
    let until = if info.expired(clock.now()) {
        "It is over; when Tocsin next connects, it asks Central for its successor.".to_owned()
    } else if left >= 48 {
        format!("It works for {} more days.", left / 24)
    } else {
        format!("It works for {left} more hours.")
    };
    format!("Customer {}, made {}, good until {}. {until}", info.customer_id, info.created, info.expires)
}
