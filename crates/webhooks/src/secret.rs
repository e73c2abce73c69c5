//! The secret that a webhook's calls are signed with, after the Standard Webhooks specification.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{CommunityId, Context, Randomness, Unsealable, Vault};
use sha2::Sha256;

const PREFIX: &str = "whsec_";
/// The purpose under which secrets are sealed.
const SEALED_FOR: &str = "webhook.secret";

/// A signing secret: 32 random bytes, shown once as `whsec_` and Base64, stored sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new secret.
    pub fn generate(random: &Randomness) -> Self {
        Self(random.next_32())
    }

    /// The secret behind its text, or `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The text that the receiver keeps. Show it once.
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    /// `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`.
    pub fn sign(&self, id: &str, timestamp_seconds: i64, body: &str) -> String {
        let mut mac = self.mac();
        mac.update(format!("{id}.{timestamp_seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn mac(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("any length of key")
    }

    pub(crate) fn seal(&self, ctx: &Context) -> Result<Vec<u8>, Unsealable> {
        ctx.vault
            .seal(&ctx.random, ctx.community, SEALED_FOR, &self.expose())
    }

    pub(crate) fn open(
        vault: &Vault,
        community: CommunityId,
        sealed: &[u8],
    ) -> Result<Self, Unsealable> {
        Self::parse(&vault.open(community, SEALED_FOR, sealed)?).ok_or(Unsealable)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_of_the_specification() {
        // Computed with Python's hmac module over the bytes 0 to 31.
        let mut bytes = [0; 32];
        for (place, byte) in (0..).zip(bytes.iter_mut()) {
            *byte = place;
        }
        let secret = Secret(bytes);
        assert_eq!(
            secret.expose(),
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
        );
        assert_eq!(
            secret.sign("msg_1", 1_614_265_330, r#"{"test": 2432232314}"#),
            "v1,GWvjEzx3AphU7wha3hNZPXJnymF9Fg+ZdvPQqWPOjZ0="
        );
    }

    #[test]
    fn the_text_leads_back_and_debug_says_nothing() {
        let secret = Secret::generate(&Randomness::from_number(1));
        assert_eq!(Secret::parse(&secret.expose()), Some(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        for nonsense in [
            "",
            "whsec_",
            "whsec_AAAA",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ] {
            assert_eq!(Secret::parse(nonsense), None, "{nonsense}");
        }
    }
}
