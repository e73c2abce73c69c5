//! Signed heads: the server's word on how long the log is and what its root is, as a C2SP
//! checkpoint in a signed note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;
use crate::entry::id_text;
use crate::hash::Hash;
use crate::key::{SigningKey, VerifyingKey, check_name};

/// The longest note that is read, in bytes.
const MAX_NOTE: usize = 64 * 1024;
/// Opens the extension line with the time.
const TIME: &str = "at_us ";

/// The state of a log at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which log: `linli/<community id>`; see [`Head::origin_of`].
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root hash over them.
    pub root: Hash,
    /// Server time of the signature, microseconds since 1970 UTC.
    pub at_us: i64,
}

/// A head with the signatures on it. Its text form is a signed note, its JSON form an object; both
/// hold the same. Nothing is proved before [`verify`](Self::verify).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FlatHead", into = "FlatHead")]
pub struct SignedHead {
    /// What was signed.
    pub head: Head,
    /// The server's signature and any witnesses'.
    pub signatures: Vec<HeadSignature>,
}

/// The JSON form of a [`SignedHead`], in one object.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FlatHead {
    origin: String,
    size: u64,
    root: Hash,
    at_us: i64,
    signatures: Vec<HeadSignature>,
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadSignature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    #[serde(serialize_with = "id_to_hex", deserialize_with = "id_from_hex")]
    pub key_id: u32,
    /// The signature's bytes.
    #[serde(
        serialize_with = "bytes_to_base64",
        deserialize_with = "bytes_from_base64"
    )]
    pub signature: Vec<u8>,
}

impl Head {
    /// The origin of a community's log.
    pub fn origin_of(community: [u8; 16]) -> String {
        format!("linli/{}", id_text(community))
    }

    /// Signs the head.
    pub fn sign(self, key: &SigningKey) -> SignedHead {
        let public = key.verifying_key();
        let signature = HeadSignature {
            name: public.name().to_owned(),
            key_id: public.key_id(),
            signature: key.sign(self.text().as_bytes()).to_vec(),
        };
        SignedHead {
            head: self,
            signatures: vec![signature],
        }
    }

    /// The text that is signed: origin, size, root, and the time as an extension line.
    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n{TIME}{}\n",
            self.origin, self.size, self.root, self.at_us
        )
    }

    fn from_text(text: &str) -> Result<Self, Error> {
        let mut lines = text.lines();
        let mut line = || {
            lines.next().ok_or(Error::MalformedHead {
                field: "checkpoint",
            })
        };
        let head = Self {
            origin: line()?.to_owned(),
            size: line()?
                .parse()
                .map_err(|_| Error::MalformedHead { field: "size" })?,
            root: line()?
                .parse()
                .map_err(|_| Error::MalformedHead { field: "root" })?,
            at_us: line()?
                .strip_prefix(TIME)
                .and_then(|time| time.parse().ok())
                .ok_or(Error::MalformedHead { field: "at_us" })?,
        };
        // One text per head: a note with other extensions or another notation isn't ours.
        if head.text() == text {
            Ok(head)
        } else {
            Err(Error::MalformedHead {
                field: "checkpoint",
            })
        }
    }
}

impl SignedHead {
    /// The signed note: the checkpoint, an empty line, and a line per signature.
    pub fn to_note(&self) -> String {
        let lines: String = self.signatures.iter().map(HeadSignature::to_line).collect();
        format!("{}\n{lines}", self.head.text())
    }

    /// Reads a signed note, without checking its signatures.
    ///
    /// # Errors
    /// [`Error::MalformedHead`], which names the part.
    pub fn from_note(note: &str) -> Result<Self, Error> {
        let malformed = Error::MalformedHead { field: "note" };
        if note.len() > MAX_NOTE {
            return Err(malformed);
        }
        let Some((text, lines)) = note.rsplit_once("\n\n") else {
            return Err(malformed);
        };
        let head = Head::from_text(&format!("{text}\n"))?;
        let signatures = lines
            .strip_suffix('\n')
            .ok_or(malformed)?
            .split('\n')
            .map(HeadSignature::from_line)
            .collect::<Result<_, _>>()?;
        Ok(Self { head, signatures })
    }

    /// Checks that `key` signed this head, and returns it.
    ///
    /// # Errors
    /// [`Error::HeadNotSigned`] if there is no signature by that key, [`Error::HeadAltered`] if
    /// there is one but it doesn't fit.
    pub fn verify(&self, key: &VerifyingKey) -> Result<&Head, Error> {
        let signed = self
            .signatures
            .iter()
            .find(|signature| signature.name == key.name() && signature.key_id == key.key_id())
            .ok_or_else(|| Error::HeadNotSigned {
                origin: self.head.origin.clone(),
                key: key.to_string(),
            })?;
        if key.verifies(self.head.text().as_bytes(), &signed.signature) {
            Ok(&self.head)
        } else {
            Err(Error::HeadAltered {
                origin: self.head.origin.clone(),
                size: self.head.size,
            })
        }
    }
}

impl From<SignedHead> for FlatHead {
    fn from(SignedHead { head, signatures }: SignedHead) -> Self {
        let Head {
            origin,
            size,
            root,
            at_us,
        } = head;
        Self {
            origin,
            size,
            root,
            at_us,
            signatures,
        }
    }
}

impl From<FlatHead> for SignedHead {
    fn from(flat: FlatHead) -> Self {
        let FlatHead {
            origin,
            size,
            root,
            at_us,
            signatures,
        } = flat;
        Self {
            head: Head {
                origin,
                size,
                root,
                at_us,
            },
            signatures,
        }
    }
}

impl HeadSignature {
    fn to_line(&self) -> String {
        let mut bytes = self.key_id.to_be_bytes().to_vec();
        bytes.extend(&self.signature);
        format!("— {} {}\n", self.name, STANDARD.encode(bytes))
    }

    fn from_line(line: &str) -> Result<Self, Error> {
        let malformed = || Error::MalformedHead { field: "signature" };
        let (name, base64) = line
            .strip_prefix("— ")
            .and_then(|rest| rest.split_once(' '))
            .ok_or_else(malformed)?;
        check_name(name).map_err(|_| malformed())?;
        let bytes = STANDARD.decode(base64).map_err(|_| malformed())?;
        let (key_id, signature) = bytes.split_first_chunk::<4>().ok_or_else(malformed)?;
        Ok(Self {
            name: name.to_owned(),
            key_id: u32::from_be_bytes(*key_id),
            signature: signature.to_vec(),
        })
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn id_to_hex<S: Serializer>(id: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{id:08x}"))
}

fn id_from_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let text = String::deserialize(deserializer)?;
    u32::from_str_radix(&text, 16).map_err(serde::de::Error::custom)
}

pub(crate) fn bytes_to_base64<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&STANDARD.encode(bytes))
}

pub(crate) fn bytes_from_base64<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    STANDARD
        .decode(String::deserialize(from)?)
        .map_err(serde::de::Error::custom)
}
