//! The key file: what opens the personal data of an installation, and what signs its record.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// The installation's secrets: what seals personal data, and what signs the heads of the journals.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// Master keys for personal data, hexadecimal, oldest first; the last one seals.
    pub vault: Vec<String>,
    /// The seed of the signing key, hexadecimal.
    pub signing: String,
    /// The name under which heads are signed.
    pub name: String,
}

impl Keys {
    /// Reads the key file; `None` where there is none.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text)
                .map(Some)
                .with_context(|| format!("the key file {} is damaged", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(error).with_context(|| format!("can't read the key file {}", path.display()))
            }
        }
    }

    /// Makes a key file with fresh keys that only its owner can read.
    pub(crate) fn make(path: &Path) -> anyhow::Result<Self> {
        let keys = Self {
            vault: vec![secret()?],
            signing: secret()?,
            name: "linli".to_owned(),
        };
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(path)
            .with_context(|| format!("can't make the key file {}", path.display()))?;
        writeln!(
            file,
            "# The keys of this Linli installation. Without them sealed personal data can't be read."
        )?;
        file.write_all(toml::to_string(&keys)?.as_bytes())?;
        file.sync_all()?;
        Ok(keys)
    }

    /// The vault for personal data.
    pub(crate) fn vault(&self) -> anyhow::Result<kernel::Vault> {
        let masters = self
            .vault
            .iter()
            .map(|key| bytes(key))
            .collect::<anyhow::Result<Vec<_>>>()?;
        Ok(kernel::Vault::new(&masters))
    }

    /// The key that signs heads.
    pub(crate) fn signer(&self) -> anyhow::Result<proof::SigningKey> {
        Ok(proof::SigningKey::from_seed(
            &self.name,
            &bytes(&self.signing)?,
        )?)
    }
}

fn secret() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).context("the system gives no randomness")?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn bytes(text: &str) -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        bail!(
            "a key in the key file has {} characters; it has 64 hexadecimal ones",
            text.len()
        );
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        let pair = text.get(2 * place..2 * place + 2).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).context("a key in the key file is not hexadecimal")?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_again() {
        let path = std::env::temp_dir().join(format!("linli-keys-{}", std::process::id()));
        assert!(Keys::read(&path).unwrap().is_none());
        let made = Keys::make(&path).unwrap();
        assert!(Keys::make(&path).is_err(), "never made over others");
        let read = Keys::read(&path).unwrap().unwrap();
        assert_eq!((made.vault, made.signing), (read.vault, read.signing));
        fs::write(&path, "vault = []\nsigning = \"zz\"\nname = \"x\"").unwrap();
        assert!(Keys::read(&path).unwrap().unwrap().signer().is_err());
        fs::remove_file(&path).unwrap();
    }
}
