//! One-time codes that a repeated request makes again.

use identity::{Error, OneTimeCode};
use kernel::{CommunityId, Context};

/// Crockford's base 32, as [`OneTimeCode`] reads it.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code.
const LENGTH: usize = 10;

/// The code of this request. With an idempotency key it is a keyed hash of actor, community, purpose and key: whoever
/// repeats the request gets the same code, and nobody without the installation's keys can compute it.
pub(crate) fn one_time_code(ctx: &Context, purpose: &str) -> Result<OneTimeCode, Error> {
    let Some(key) = &ctx.idempotency_key else {
        return OneTimeCode::generate();
    };
    let (actor, community) = (ctx.actor.uuid(), ctx.community);
    let text = format!("{purpose}\n{actor}\n{community}\n{key}");
    let hash = ctx
        .vault
        .blind_index(CommunityId::CITY, "account.code", &text)?;
    // 256 is a multiple of 32, so the remainder is uniform.
    let characters = hash
        .iter()
        .take(LENGTH)
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    let text: String = characters.map(|character| char::from(*character)).collect();
    OneTimeCode::parse(&text)
}

#[cfg(test)]
mod tests {
    use kernel::{AccountId, Actor, Grants, Randomness, Timestamp, Uuid, Vault};

    use super::*;

    fn context(account: u128, key: Option<&str>) -> Context {
        Context {
            actor: Actor::account(AccountId::from_uuid(Uuid::from_u128(account))),
            community: CommunityId::from_uuid(Uuid::from_u128(7)),
            now: Timestamp::from_micros(0),
            random: Randomness::from_number(1),
            grants: Grants::default(),
            vault: Vault::new(&[[1; 32]]),
            idempotency_key: key.map(ToOwned::to_owned),
        }
    }

    fn code(ctx: &Context, purpose: &str) -> String {
        one_time_code(ctx, purpose).unwrap().expose()
    }

    #[test]
    fn only_the_same_request_makes_the_same_code() {
        let first = code(&context(1, Some("key")), "invitation");
        assert_eq!(first, code(&context(1, Some("key")), "invitation"));
        assert_ne!(first, code(&context(1, Some("key")), "reset"));
        assert_ne!(first, code(&context(1, Some("other")), "invitation"));
        assert_ne!(first, code(&context(2, Some("key")), "invitation"));
        let ctx = context(1, None);
        assert_ne!(code(&ctx, "invitation"), code(&ctx, "invitation"));
    }
}
