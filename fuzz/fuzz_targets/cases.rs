//! Any text as the cases of a rule: read, and run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tocsin::{
    cases,
    event::{Topic, catalogue},
    functions::Lists,
    rules::RuleText,
};

const RULE: &str = "const ON = \"security.rogue\";\nconst REMIND = \"10m\";\nconst HOLD = \"1m\";\n\
    fn when(event) { event.classification > 3 || count(\"10m\", event.rogue_id) >= 3 }\n";

fuzz_target!(|text: &str| {
    let kinds: Vec<_> = catalogue::of_topic(Topic::Security).collect();
    let (parsed, _) = cases::parse(text, &kinds);
    // A rule with errors would not run.
    tocsin_fuzz::running(&[RULE]);
    let rule = RuleText { name: "rule".to_owned(), text: RULE.to_owned(), enabled: true };
    for case in &parsed.cases {
        cases::run(&rule, &Lists::default(), &parsed, case);
    }
});
