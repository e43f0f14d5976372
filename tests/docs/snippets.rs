//! Every block of code in what is written for people is run: rules are checked, cases pass, commands say what is shown.
//!
//! A page is followed from top to bottom, in a folder of its own. A `rhai` block is saved under the last name in the text
//! before it that ends so, a `toml` block holds the cases of the rule before it.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use tocsin::{
    functions::all,
    rules::{lists_above, load_path},
};

use super::{place, read};

/// A block of code, with the text since the one before.
struct Block {
    language: String,
    text: String,
    before: String,
}

fn pages() -> Vec<String> {
    let mut pages: Vec<String> =
        ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(Into::into).into();
    let docs = fs::read_dir(place("docs")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let docs = docs.filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "md"));
    pages.extend(docs.map(|name| format!("docs/{name}")));
    pages.sort();
    pages
}

fn blocks(page: &str) -> Vec<Block> {
    let text = read(page);
    let mut parts = text.split("```");
    let mut before = parts.next().unwrap().to_owned();
    let mut blocks = Vec::new();
    while let (Some(code), after) = (parts.next(), parts.next()) {
        let (language, text) = code.split_once('\n').unwrap();
        assert!(after.is_some(), "{page}: a block does not end");
        blocks.push(Block { language: language.into(), text: text.into(), before: std::mem::take(&mut before) });
        after.unwrap().clone_into(&mut before);
    }
    blocks
}

/// Where a page is followed.
struct Desk {
    page: String,
    folder: tempfile::TempDir,
    /// The rule that was saved last.
    rule: PathBuf,
    saved: usize,
}

impl Desk {
    fn new(page: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Lists that a page may name: those that ship, those of the recipes, those of the functions' examples.
        let lists = folder.path().join("lists");
        fs::create_dir(&lists).unwrap();
        for from in ["rules/lists", "docs/recipes/lists"] {
            for file in fs::read_dir(place(from)).unwrap().map(|file| file.unwrap().path()) {
                fs::copy(&file, lists.join(file.file_name().unwrap())).unwrap();
            }
        }
        for (name, entries) in all().flat_map(|function| function.example.lists) {
            fs::write(lists.join(format!("{name}.txt")), entries.join("\n")).unwrap();
        }
        Self { page: page.into(), folder, rule: PathBuf::new(), saved: 0 }
    }

    /// The file that the text names, such as `my-rules/a.rhai`, by its ending.
    fn named(&self, block: &Block) -> Option<PathBuf> {
        let ending = format!(".{}", block.language);
        let name = block.before.split('`').skip(1).step_by(2).filter(|name| name.ends_with(&ending)).last()?;
        Some(self.folder.path().join(name))
    }

    fn follow(&mut self, block: &Block) {
        match block.language.as_str() {
            "rhai" => {
                let numbered = self.folder.path().join(format!("rule-{}.rhai", self.saved));
                self.rule = self.named(block).unwrap_or(numbered);
                self.saved += 1;
                save(&self.rule, &block.text);
                let lists = lists_above(&self.rule);
                let findings = tocsin::rules::check(&block.text, &lists, None);
                assert_eq!(findings, [], "{}:\n{}", self.page, block.text);
            }
            "toml" => {
                let file = self.rule.with_extension("toml");
                assert!(self.named(block).is_none_or(|named| named == file), "{}: cases of no rule", self.page);
                save(&file, &block.text);
                let said = self.run(&["test", file.to_str().unwrap()], &block.text);
                assert!(said.contains("none failed"), "{}: {said}", self.page);
            }
            "console" => {
                for session in block.text.split("$ ").skip(1) {
                    let (command, shown) = session.split_once('\n').unwrap();
                    let arguments = self.arguments(command);
                    let output = self.command(&arguments).output().unwrap();
                    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
                    assert_eq!(said.trim_end(), shown.trim_end(), "{}: {command}", self.page);
                }
            }
            "sh" => block.text.lines().for_each(|line| self.shell(line)),
            "text" => {}
            other => panic!("{}: nobody runs a block of \"{other}\"", self.page),
        }
    }

    /// The words after `tocsin`.
    fn arguments<'a>(&self, command: &'a str) -> Vec<&'a str> {
        let mut words = command.split('#').next().unwrap().split_whitespace();
        assert_eq!(words.next(), Some("tocsin"), "{}: {command}", self.page);
        words.collect()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
        command.args(arguments).current_dir(self.folder.path()).env_remove("DBUS_SESSION_BUS_ADDRESS");
        command
    }

    /// Runs a command that must end well; gives its messages.
    fn run(&self, arguments: &[&str], why: &str) -> String {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: tocsin {arguments:?}: {said}\n{why}", self.page);
        said
    }

    /// A line for a shell. What listens is ended once it listens to all topics.
    fn shell(&self, line: &str) {
        if let Some(chore) = line.strip_prefix("cargo xtask ") {
            let chore = chore.split_whitespace().next().unwrap();
            assert!(read("xtask/src/main.rs").contains(&format!("Some(\"{chore}\")")), "{}: {line}", self.page);
            return;
        }
        let arguments = self.arguments(line);
        if arguments[0] == "explain" {
            // What listened was ended before anything happened: the answer is that, and not a mistake in the line.
            let output = self.command(&arguments).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(said.contains("said nothing on any event of the log"), "{}: {line}: {said}", self.page);
            return;
        }
        if arguments[0] != "watch" {
            self.run(&arguments, line);
            return;
        }
        let mut child = self.command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        // If it says nothing more, it has ended, and the exit code tells.
        let mut topics = 0;
        while topics < 6 && said.next().inspect(|line| topics += usize::from(line.ends_with(": listening"))).is_some() {
        }
        let rest = thread::spawn(move || said.for_each(drop));
        Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert!(child.wait().unwrap().success(), "{}: {line}", self.page);
        rest.join().unwrap();
        assert_eq!(topics, 6, "{}: {line}", self.page);
    }
}

fn save(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn every_block_is_run() {
    for page in pages() {
        let mut desk = Desk::new(&page);
        let blocks = blocks(&page);
        for block in &blocks {
            desk.follow(block);
        }
        if desk.saved > 1 {
            // Rules of one page may stand in one folder.
            assert_eq!(load_path(desk.folder.path()).unwrap().problems, [], "{page}");
        }
    }
}

#[test]
fn the_guide_is_there_and_has_all_its_steps() {
    let languages: Vec<String> = blocks("README.md").into_iter().map(|block| block.language).collect();
    assert_eq!(languages, ["sh", "rhai", "console", "toml", "console", "sh"]);
}

/// Commands and functions that a page names in passing are there.
#[test]
fn what_is_named_in_passing_is_there() {
    let mut commands = BTreeSet::new();
    for page in pages() {
        let text = read(&page);
        for words in text.split('`').filter_map(|span| span.strip_prefix("tocsin ")) {
            let word = words.split_whitespace().next().unwrap_or_default();
            commands.insert(word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
        }
    }
    commands.remove("");
    assert!(commands.contains("check") && commands.len() >= 8, "{commands:?}");
    for command in commands {
        let help = Command::new(env!("CARGO_BIN_EXE_tocsin")).args([&command, "--help"]).output().unwrap();
        assert!(help.status.success(), "tocsin {command}");
    }
}
