//! What a streaming key says about itself. It is a JWT signed with a secret only Central has: it can be read, never
//! verified.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Problem,
    problem::{Retry, inert},
};

/// How long a key is valid from the time in it: published.
pub const LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long before its end the next key is asked for.
pub const RENEW_BEFORE: Duration = Duration::from_hours(12);
/// How far a server's clock may be ahead of ours before a key from it is not believed.
const CLOCK_SLACK: Duration = Duration::from_hours(24);
/// No key comes near this many octets.
const LONGEST: usize = 8 * 1024;

/// What a key says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// The account it is for.
    pub customer_id: String,
    /// When Central made it.
    pub created: Timestamp,
    /// Seven days later.
    pub expires: Timestamp,
}

impl KeyInfo {
    /// When the next key is asked for: half a day before this one ends.
    pub fn renew_at(&self) -> Timestamp {
        self.expires.checked_sub(RENEW_BEFORE).unwrap_or(self.expires)
    }

    /// Whether its seven days are over.
    pub fn expired(&self, now: Timestamp) -> bool {
        self.expires <= now
    }
}

/// Takes what surrounds a pasted key away: white space (line breaks inside too), quotes, a `Bearer`.
pub fn tidy(pasted: &str) -> SecretString {
    let text: String = pasted.split_whitespace().filter(|word| !word.eq_ignore_ascii_case("bearer")).collect();
    text.trim_matches(['"', '\'', '`']).to_owned().into()
}

/// Reads customer and age. The error's words never hold any of the key.
pub fn read_key(key: &SecretString) -> Result<KeyInfo, Problem> {
    let key = key.expose_secret();
    if key.is_empty() {
        return Err(bad("There is no key."));
    }
    if key.len() > LONGEST {
        return Err(bad("This is too long for a key."));
    }
    let parts: Vec<&str> = key.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        return Err(bad("This is not a streaming key: a key has three parts with dots between them."));
    };
    if signature.is_empty() || !signature.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=".contains(&b)) {
        return Err(bad("The key's last part is missing or damaged; it may have been copied incompletely."));
    }
    if part(header).and_then(|header| header.get("alg")?.as_str().map(|_| ())).is_none() {
        return Err(bad("The key's first part cannot be read; it may have been copied incompletely."));
    }
    let payload = part(payload)
        .ok_or_else(|| bad("The key's middle part cannot be read; it may have been copied incompletely."))?;
    let customer_id = match payload.get("customer_id") {
        Some(Value::String(id)) => inert(id, 100),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    };
    if customer_id.is_empty() {
        return Err(bad("The key names no customer; it may be a token of another API."));
    }
    let created = payload
        .get("Created")
        .or_else(|| payload.get("creation_date"))
        .and_then(seconds)
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or_else(|| bad("The key does not say when it was made; it may be a token of another API."))?;
    let expires = created.checked_add(LIFETIME).map_err(|_| bad("The key says it was made at an impossible time."))?;
    Ok(KeyInfo { customer_id, created, expires })
}

/// Whether `new` can take the place of a key of `customer_id`: readable, of the same customer, neither over nor from
/// the future. Returns what it says about itself.
pub fn check_successor(new: &SecretString, customer_id: &str, now: Timestamp) -> Result<KeyInfo, Problem> {
    let info = read_key(new)
        .map_err(|problem| strange(&format!("The server's answer about the key is not a key. {}", problem.message)))?;
    if info.customer_id != customer_id {
        return Err(strange("The server answered with a key of another customer. It is not used."));
    }
    if info.expired(now) {
        return Err(strange("The server answered with a key that is over already. It is not used."));
    }
    if now.checked_add(CLOCK_SLACK).is_ok_and(|latest| info.created > latest) {
        return Err(strange("The server answered with a key from the future. It is not used."));
    }
    Ok(info)
}

fn part(encoded: &str) -> Option<serde_json::Map<String, Value>> {
    let json = URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

/// A number or a numeric text of seconds since the epoch.
fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64)),
        Value::String(text) => {
            let text = text.trim();
            text.parse::<i64>().ok().or_else(|| text.parse::<f64>().ok().filter(|s| s.is_finite()).map(|s| s as i64))
        }
        _ => None,
    }
    .filter(|&seconds| seconds > 0)
}

fn bad(message: &str) -> Problem {
    Problem::new("bad-key", message).step("Copy the whole key from Central's Streaming page.").retry(Retry::Never)
}

fn strange(message: &str) -> Problem {
    Problem::new("strange-key", message)
        .step("Check this computer's date and time, and the endpoint.")
        .step("Copy the key from Central's Streaming page again.")
        .retry(Retry::Slowly)
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    /// A key with this payload.
    pub(crate) fn key_of(payload: &str) -> SecretString {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","type":"jwt"}"#);
        format!("{header}.{}.{}", URL_SAFE_NO_PAD.encode(payload), URL_SAFE_NO_PAD.encode("signed")).into()
    }

    #[test]
    fn both_claims_are_read_as_number_or_text() {
        for payload in [
            r#"{"customer_id":"c1","Created":1625004851}"#,
            r#"{"customer_id":"c1","Created":"1625004851"}"#,
            r#"{"customer_id":"c1","creation_date":1625004851}"#,
            r#"{"customer_id":"c1","creation_date":" 1625004851 "}"#,
            r#"{"customer_id":"c1","creation_date":1625004851.7}"#,
        ] {
            let info = read_key(&key_of(payload)).unwrap();
            assert_eq!(info.customer_id, "c1");
            assert_eq!(info.created.as_second(), 1_625_004_851);
            assert_eq!(info.expires.as_second(), 1_625_004_851 + 7 * 86_400);
            assert_eq!(info.renew_at().as_second(), 1_625_004_851 + 7 * 86_400 - 12 * 3600);
        }
    }

    #[test]
    fn what_surrounds_a_key_is_taken_away() {
        let key = key_of(r#"{"customer_id":"c1","Created":1}"#);
        let text = key.expose_secret();
        let (front, back) = text.split_at(30);
        for pasted in
            [format!(" {text}\n"), format!("Bearer {text}"), format!("\"{text}\""), format!("{front}\r\n {back}")]
        {
            assert_eq!(tidy(&pasted).expose_secret(), text);
        }
    }

    #[test]
    fn what_is_no_key_is_explained_without_repeating_it() {
        for text in [
            String::new(),
            "hunter2hunter2".to_owned(),
            "hunter2.hunter2.hunter2".to_owned(),
            "x".repeat(9000),
            key_of("{}").expose_secret().to_owned(),
            key_of(r#"{"customer_id":"c"}"#).expose_secret().to_owned(),
            key_of(r#"{"customer_id":"c","Created":"hunter2"}"#).expose_secret().to_owned(),
            key_of(r#"{"customer_id":"c","Created":9e99}"#).expose_secret().to_owned(),
            key_of(r#"["hunter2"]"#).expose_secret().to_owned(),
        ] {
            let problem = read_key(&text.into()).unwrap_err();
            assert_eq!(problem.code, "bad-key");
            assert!(!problem.to_string().contains("hunter2"), "{problem}");
        }
    }

    #[test]
    fn only_a_sane_key_of_the_same_customer_succeeds() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let key =
            |customer: &str, created: i64| key_of(&format!(r#"{{"customer_id":"{customer}","Created":{created}}}"#));
        assert!(check_successor(&key("c1", 1_700_000_000), "c1", now).is_ok());
        for (new, words) in [
            (key("c2", 1_700_000_000), "another customer"),
            (key("c1", 1_700_000_000 - 7 * 86_400), "over already"),
            (key("c1", 1_700_000_000 + 3 * 86_400), "from the future"),
            ("<html>".to_owned().into(), "not a key"),
        ] {
            assert!(check_successor(&new, "c1", now).unwrap_err().message.contains(words));
        }
    }
}
