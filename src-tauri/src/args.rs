//! What the program is started with.

use std::{ffi::OsString, path::PathBuf};

/// The options of the desktop program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// The data folder; none: the system's usual place.
    pub data: Option<PathBuf>,
    /// Start without a window: as at login.
    pub hidden: bool,
    /// Start the demo if no account is set up.
    pub demo: bool,
}

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Run(Args),
    Help,
    Version,
}

/// The help text.
pub const HELP: &str = "\
Tocsin: desktop alerting for HPE Aruba Networking Central.

Usage: tocsin-desktop [--data DIR] [--hidden] [--demo]

  --data DIR   where the database, the rules and the settings lie
  --hidden     start without a window, in the tray
  --demo       start the demo if no account is set up
  --version    print the version
  --help       print this
";

/// Reads the arguments after the program's name.
///
/// # Errors
/// What is wrong with them, in words.
pub fn read(given: impl IntoIterator<Item = OsString>) -> Result<Asked, String> {
    let mut args = Args::default();
    let mut given = given.into_iter();
    while let Some(arg) = given.next() {
        match arg.to_str() {
            Some("--hidden") => args.hidden = true,
            Some("--demo") => args.demo = true,
            Some("--help" | "-h") => return Ok(Asked::Help),
            Some("--version" | "-V") => return Ok(Asked::Version),
            Some("--data") => args.data = Some(given.next().ok_or("--data needs a folder.")?.into()),
            Some(text) if text.starts_with("--data=") => args.data = Some(text["--data=".len()..].into()),
            _ => return Err(format!("{} is not an option of Tocsin. --help names them.", arg.display())),
        }
    }
    Ok(Asked::Run(args))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(args: &[&str]) -> Result<Asked, String> {
        read(args.iter().map(OsString::from))
    }

    #[test]
    fn options_are_read() {
        assert_eq!(asked(&[]), Ok(Asked::Run(Args::default())));
        let all = Args { data: Some("/x y".into()), hidden: true, demo: true };
        assert_eq!(asked(&["--hidden", "--data", "/x y", "--demo"]), Ok(Asked::Run(all.clone())));
        assert_eq!(asked(&["--data=/x y", "--demo", "--hidden"]), Ok(Asked::Run(all)));
        assert_eq!(asked(&["--hidden", "--help"]), Ok(Asked::Help));
        assert!(asked(&["--data"]).is_err());
        assert!(asked(&["--hiden"]).is_err_and(|said| said.contains("--hiden")));
    }
}
