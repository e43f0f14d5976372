//! The simulated account's key: an HS256 JWT as Central issues it, valid for seven days, replaced by itself.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// How long Central's keys are valid (published).
pub const LIFETIME: Duration = Duration::from_hours(7 * 24);

/// The keys of one account: the one that is valid, and the secret that signed it and all before it.
pub(super) struct Keys {
    secret: [u8; 32],
    customer: String,
    /// `Created` of the valid key, in epoch seconds.
    created: i64,
    token: String,
}

impl Keys {
    /// The account's first key, already `age` old. The same seed and time give the same key.
    pub fn new(seed: u64, customer: &str, now: Timestamp, age: Duration) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"tocsin simulator key ");
        hash.update(seed.to_be_bytes());
        let secret = hash.finalize().into();
        let created = now.as_second().saturating_sub(age.as_secs() as i64);
        let token = issue(&secret, customer, created);
        Self { secret, customer: customer.to_owned(), created, token }
    }

    /// The key that is valid now. An aged key has been replaced at the end of its seven days, as Central does it.
    pub fn current(&mut self, now: Timestamp) -> &str {
        let lifetime = LIFETIME.as_secs() as i64;
        let over = (now.as_second() - self.created) / lifetime;
        if over > 0 {
            self.created += over * lifetime;
            self.token = issue(&self.secret, &self.customer, self.created);
        }
        &self.token
    }

    /// The key that is valid now, to hand out.
    pub fn current_secret(&mut self, now: Timestamp) -> SecretString {
        SecretString::from(self.current(now).to_owned())
    }

    /// Puts a new key in the place of the one that is valid now.
    pub fn replace(&mut self, now: Timestamp) {
        self.current(now);
        // Two replacements within a second must still give two keys.
        self.created = now.as_second().max(self.created + 1);
        self.token = issue(&self.secret, &self.customer, self.created);
    }

    /// Whether `token` is or was a key of this account.
    pub fn ours(&self, token: &str) -> bool {
        let Some((signed, signature)) = token.rsplit_once('.') else { return false };
        let Some((_, payload)) = signed.split_once('.') else { return false };
        let Ok(payload) = URL_SAFE_NO_PAD.decode(payload) else { return false };
        let Ok(claims) = serde_json::from_slice::<serde_json::Value>(&payload) else { return false };
        signature == sign(&self.secret, signed)
            && claims.get("customer_id").and_then(|claim| claim.as_str()) == Some(&self.customer)
    }
}

fn issue(secret: &[u8; 32], customer: &str, created: i64) -> String {
    let header = r#"{"alg":"HS256","type":"jwt"}"#; // `type`, not `typ`: as seen in the wild
    let payload = serde_json::json!({ "customer_id": customer, "Created": created }).to_string();
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = sign(secret, &signed);
    format!("{signed}.{signature}")
}

fn sign(secret: &[u8; 32], text: &str) -> String {
    URL_SAFE_NO_PAD.encode(hmac_sha256(secret, text.as_bytes()))
}

/// HMAC of RFC 2104 over SHA-256, for a key no longer than the block.
fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    block[..32].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|octet| octet ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|octet| octet ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or_default()
    }

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        // Test case 1, whose key of 20 octets equals ours padded with zeros.
        let mut key = [0u8; 32];
        key[..20].fill(0x0b);
        let mac = hmac_sha256(&key, b"Hi There").map(|octet| format!("{octet:02x}"));
        assert_eq!(mac.concat(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn a_key_lives_seven_days_and_its_successor_follows() {
        let mut keys = Keys::new(1, "abc", at(1_700_000_000), Duration::from_mins(1));
        let first = keys.current(at(1_700_000_000)).to_owned();
        assert_eq!(keys.current(at(1_700_000_000 - 60 + 7 * 86400 - 1)), first);
        let second = keys.current(at(1_700_000_000 - 60 + 7 * 86400)).to_owned();
        assert_ne!(second, first);
        assert!(keys.ours(&first) && keys.ours(&second));
    }

    #[test]
    fn only_keys_signed_here_are_ours() {
        let mut keys = Keys::new(1, "abc", at(1_700_000_000), Duration::ZERO);
        let mut others = Keys::new(2, "abc", at(1_700_000_000), Duration::ZERO);
        assert!(!keys.ours(others.current(at(1_700_000_000))));
        assert!(!keys.ours("nonsense") && !keys.ours("a.b.c") && !keys.ours(""));
        let first = keys.current(at(1_700_000_000)).to_owned();
        keys.replace(at(1_700_000_000));
        assert_ne!(keys.current(at(1_700_000_000)), first);
        assert!(keys.ours(&first));
    }
}
