//! What an actor may do: permissions declared by modules, granted through roles, denied unless granted.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Something an actor may do in a community, named `module.verb`, such as `decisions.publish`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permission(pub &'static str);

/// What a membership makes of an account in one community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 居民: lives here.
    Resident,
    /// 业主: owns a unit here.
    Owner,
    /// 管家: serves residents on the property company's behalf.
    Butler,
    /// 业主委员会成员: organises owners' decisions.
    CommitteeMember,
    /// 服务商: offers goods or services to residents.
    Provider,
    /// 申请人: asks the city for permits, for themselves or for a company that builds; sees their own files only.
    Applicant,
    /// 街道、社区工作人员 and other city staff: guide and supervise.
    CityStaff,
    /// 监督人员: sees how the city's offices keep their limits, and does nothing to a file.
    Supervisor,
    /// 系统管理员: runs the installation; sees no vote and no personal data by that role.
    Administrator,
}

impl Role {
    /// Every role, in the order of the list above.
    pub const ALL: [Self; 9] = [
        Self::Resident,
        Self::Owner,
        Self::Butler,
        Self::CommitteeMember,
        Self::Provider,
        Self::Applicant,
        Self::CityStaff,
        Self::Supervisor,
        Self::Administrator,
    ];

    /// The name in storage and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Owner => "owner",
            Self::Butler => "butler",
            Self::CommitteeMember => "committee_member",
            Self::Provider => "provider",
            Self::Applicant => "applicant",
            Self::CityStaff => "city_staff",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// The permissions an actor holds in the community of the moment.
#[derive(Clone, Debug, Default)]
pub struct Grants(Arc<HashSet<Permission>>);

impl Grants {
    /// Just these permissions.
    pub fn of(permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self(Arc::new(permissions.into_iter().collect()))
    }

    /// Whether the permission is among them.
    pub fn holds(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }
}

/// The actor lacks a permission. The remedy lies with whoever gives roles in the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("you may not do this here: it needs the permission {}; ask your committee for the role", permission.0)]
pub struct Denied {
    /// The permission that is missing.
    pub permission: Permission,
}
