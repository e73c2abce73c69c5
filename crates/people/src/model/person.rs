//! Owners and residents as persons.

use serde::{Deserialize, Serialize};

use super::unit::half_width;
use super::{OwnerId, ResidentId};

named! {
    /// What an owner is in law.
    pub enum OwnerKind ("an owner's kind") {
        /// 自然人.
        Person = "person" | "个人" | "自然人";
        /// 法人或非法人组织.
        Organisation = "organisation" | "organization" | "单位" | "法人" | "企业" | "公司" | "组织";
        /// 建设单位: whose unsold and undelivered units count as one head (SPC interpretation, Art. 9).
        Developer = "developer" | "开发商" | "建设单位" | "开发企业";
    }
}

named! {
    /// How a resident stands to the household.
    pub enum Relation ("a relation") {
        /// 业主本人.
        Owner = "owner" | "业主" | "本人" | "户主";
        /// 配偶.
        Spouse = "spouse" | "配偶" | "夫妻" | "丈夫" | "妻子";
        /// 子女.
        Child = "child" | "子女" | "儿子" | "女儿";
        /// 父母.
        Parent = "parent" | "父母" | "父亲" | "母亲";
        /// 租户.
        Tenant = "tenant" | "租户" | "租客" | "承租人";
        /// 其他.
        Other = "other" | "其他" | "其它" | "亲属";
    }
}

/// What the roll knows of an owner; personal data, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerFacts {
    /// What they are in law.
    pub kind: OwnerKind,
    /// Their name.
    pub name: String,
    /// Identity card, unified social credit code or another document's number.
    pub id_number: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
}

/// What the roll knows of a resident; personal data, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResidentFacts {
    /// Their name.
    pub name: String,
    /// Their telephone number.
    pub phone: Option<String>,
    /// The year of their birth.
    pub birth_year: Option<i16>,
    /// How they stand to the household.
    pub relation: Relation,
}

impl std::fmt::Debug for OwnerFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "OwnerFacts({}, {})",
            self.kind.name(),
            super::mask_name(&self.name)
        )
    }
}

impl std::fmt::Debug for ResidentFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "ResidentFacts({}, {})",
            self.relation.name(),
            super::mask_name(&self.name)
        )
    }
}

/// A person of the roll: an owner or a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum PersonRef {
    /// An owner.
    Owner(OwnerId),
    /// A resident.
    Resident(ResidentId),
}

impl PersonRef {
    /// The subject in the journal: `owner/ID` or `resident/ID`.
    pub fn subject(self) -> String {
        match self {
            Self::Owner(id) => format!("owner/{id}"),
            Self::Resident(id) => format!("resident/{id}"),
        }
    }

    /// The id's UUID.
    pub const fn uuid(self) -> kernel::Uuid {
        match self {
            Self::Owner(id) => id.uuid(),
            Self::Resident(id) => id.uuid(),
        }
    }
}

/// Which list of the roll a person stands on, as a path names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Owns or owned a unit.
    Owner,
    /// Lives or lived in one.
    Resident,
}

impl PersonKind {
    /// The person of this list with this id.
    pub const fn person(self, id: kernel::Uuid) -> PersonRef {
        match self {
            Self::Owner => PersonRef::Owner(OwnerId::from_uuid(id)),
            Self::Resident => PersonRef::Resident(ResidentId::from_uuid(id)),
        }
    }
}

/// A text without blanks around it or doubled within, full-width signs made plain.
pub fn normalised_name(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(half_width)
        .filter(|c| !c.is_control() || c.is_whitespace())
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A person's name as the roll keeps it: as [`normalised_name`], and a name in Chinese characters without any blank,
/// so that `王 伟` is `王伟`.
pub fn normalised_person_name(text: &str) -> String {
    let name = normalised_name(text);
    if name.chars().all(|c| c == ' ' || !c.is_ascii()) {
        name.replace(' ', "")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_blanks_that_mean_nothing() {
        assert_eq!(normalised_person_name(" 王\u{3000}伟 "), "王伟");
        assert_eq!(normalised_person_name("John  Smith"), "John Smith");
    }

    #[test]
    fn facts_do_not_print_personal_data() {
        let facts = OwnerFacts {
            kind: OwnerKind::Person,
            name: "王小明".to_owned(),
            id_number: Some("11010519491231002X".to_owned()),
            phone: Some("13912341234".to_owned()),
        };
        assert_eq!(format!("{facts:?}"), "OwnerFacts(person, 王*明)");
    }
}
