//! docs/rule-types.md and the recipes that it shows: clean, with cases that notice what changes in them.

use std::{collections::BTreeSet, fs};

use tocsin::{
    cases::{find, run_all},
    rules::{check_path, shipped::TEMPLATES},
};

use super::{hold, place, read};

const PAGE: &str = "docs/rule-types.md";
const FOLDER: &str = "docs/recipes";

fn names() -> BTreeSet<String> {
    let files = fs::read_dir(place(FOLDER)).unwrap().map(|file| file.unwrap().path());
    let rules = files.filter(|path| path.extension().is_some_and(|extension| extension == "rhai"));
    rules.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn recipes_are_without_findings() {
    for checked in check_path(&place(FOLDER), None).unwrap() {
        assert_eq!(checked.findings, [], "{}", checked.file.display());
    }
}

#[test]
fn recipes_fire_and_are_silent_as_their_cases_say() {
    assert_eq!(passed(FOLDER), names().len());
}

/// What a new rule may begin from is as good.
#[test]
fn templates_fire_and_are_silent_as_their_cases_say() {
    assert_eq!(passed("src/rules/templates"), TEMPLATES.len());
}

/// Runs the cases in a folder; gives how many rules they prove.
fn passed(folder: &str) -> usize {
    let tested = run_all(&find(&place(folder)).unwrap());
    for rule in &tested {
        assert_eq!(rule.findings, [], "{}", rule.rule);
        for verdict in &rule.verdicts {
            assert!(verdict.passed, "{}: {verdict:#?}", rule.rule);
        }
        assert!(rule.verdicts.iter().any(|verdict| !verdict.story.is_empty()), "{} never fires", rule.rule);
        assert!(rule.verdicts.iter().any(|verdict| verdict.story.is_empty()), "{} is never silent", rule.rule);
    }
    tested.len()
}

/// Each constant and each clause of a recipe matters to its cases.
#[test]
fn cases_notice_what_changes_in_a_recipe() {
    let mut unnoticed = Vec::new();
    for beside in find(&place(FOLDER)).unwrap() {
        let text = beside.rule.as_ref().unwrap().text.clone();
        let mut changed: Vec<String> = Vec::new();
        for (from, to) in [("&& ", "|| "), ("|| ", "&& "), (" >= ", " > "), ("== ", "!= "), ("!= ", "== ")] {
            for (place, _) in text.match_indices(from) {
                changed.push(format!("{}{to}{}", &text[..place], &text[place + from.len()..]));
            }
        }
        // A window of a second holds one event.
        for window in ["\"5m\"", "\"10m\"", "\"15m\"", "\"1h\"", "\"2h\"", "\"30d\""] {
            for (place, _) in text.match_indices(window) {
                changed.push(format!("{}\"1s\"{}", &text[..place], &text[place + window.len()..]));
            }
        }
        for text in changed {
            let mut beside = beside.clone();
            beside.rule.as_mut().unwrap().text.clone_from(&text);
            let tested = run_all(&[beside]).remove(0);
            if tested.findings.is_empty() && tested.verdicts.iter().all(|verdict| verdict.passed) {
                unnoticed.push(text);
            }
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n-----\n"));
}

#[test]
fn the_page_shows_every_recipe_as_it_is() {
    let page = read(PAGE);
    let mut shown = BTreeSet::new();
    let mut current = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        current.push_str(line);
        current.push('\n');
        let Some(name) = line.strip_prefix("[recipes/").and_then(|rest| rest.split_once(".rhai]")) else { continue };
        assert!(line.contains(&format!("(recipes/{0}.rhai), [cases](recipes/{0}.toml)", name.0)), "{line}");
        // What stands there now is left out.
        lines.next_if(|line| line.is_empty());
        if lines.next_if(|line| *line == "```rhai").is_some() {
            for _ in lines.by_ref().take_while(|line| *line != "```") {}
        }
        let block = format!("\n```rhai\n{}```\n", read(&format!("{FOLDER}/{}.rhai", name.0)));
        current.push_str(&block);
        if lines.peek().is_some_and(|line| !line.is_empty()) {
            current.push('\n');
        }
        shown.insert(name.0.to_owned());
    }
    assert_eq!(shown, names());
    hold(PAGE, &current);
}

#[test]
fn links_lead_somewhere() {
    for page in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", PAGE, "docs/functions.md"] {
        let text = read(page);
        let headings: BTreeSet<String> = text
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .map(|line| line.trim_start_matches('#').trim().to_lowercase())
            .map(|heading| heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>())
            .map(|heading| heading.replace(' ', "-"))
            .collect();
        for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
            let link = rest.split(')').next().unwrap();
            if let Some(anchor) = link.strip_prefix('#') {
                assert!(headings.contains(anchor), "{page}: {link}");
            } else if !link.contains("://") {
                let target = place(page).parent().unwrap().join(link.split('#').next().unwrap());
                assert!(target.exists(), "{page}: {link}");
            }
        }
    }
}
