//! Which roles may do what: rules declared by modules, computed once at start.

use std::sync::Arc;

use kernel::{CommunityId, Grants, Permission, Role};

/// A permission and the roles that hold it; every module declares a list of these.
#[derive(Clone, Copy, Debug)]
pub struct PermissionRule {
    /// The permission.
    pub permission: Permission,
    /// Whoever holds one of these roles holds the permission.
    pub roles: &'static [Role],
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles(u16);

impl Roles {
    /// No role.
    pub const NONE: Self = Self(0);

    /// Whether the role is among them.
    pub fn contains(self, role: Role) -> bool {
        self.0 & bit(role) != 0
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, role: Role) -> Self {
        Self(self.0 | bit(role))
    }

    /// Whether any goes beyond resident and owner: shorter sessions, stricter resets, a second factor.
    pub fn any_staff(self) -> bool {
        self.iter().any(is_staff)
    }

    /// The roles, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL
            .into_iter()
            .filter(move |role| self.contains(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Whether a role goes beyond those who act for themselves alone: residents, owners and applicants.
pub const fn is_staff(role: Role) -> bool {
    !matches!(role, Role::Resident | Role::Owner | Role::Applicant)
}

/// Whether a role can be held there: administrators run the installation, applicants ask the city and supervisors look at
/// its offices; residents and owners belong to a community.
pub fn is_held_in(role: Role, community: CommunityId) -> bool {
    let in_city = community == CommunityId::CITY;
    match role {
        Role::Administrator | Role::Applicant | Role::Supervisor => in_city,
        Role::Resident | Role::Owner => !in_city,
        _ => true,
    }
}

/// A bit for each role.
const fn bit(role: Role) -> u16 {
    match role {
        Role::Resident => 1,
        Role::Owner => 2,
        Role::Butler => 4,
        Role::CommitteeMember => 8,
        Role::Provider => 16,
        Role::CityStaff => 32,
        Role::Administrator => 64,
        Role::Applicant => 128,
        Role::Supervisor => 256,
    }
}

/// All roles at once: the set with the highest number.
fn every_role() -> Roles {
    Role::ALL.into_iter().collect()
}

/// The grants of every set of roles, computed once: asking costs a look-up.
#[derive(Clone, Debug)]
pub struct Directory {
    by_roles: Arc<[Grants]>,
    anonymous: Grants,
    everything: Grants,
}

impl Directory {
    /// From the rules of all modules. `anonymous` is what anyone may do without signing in; whoever has signed in
    /// may do that too, in any community.
    pub fn new(
        rules: impl IntoIterator<Item = PermissionRule>,
        anonymous: impl IntoIterator<Item = Permission>,
    ) -> Self {
        let rules: Vec<PermissionRule> = rules.into_iter().collect();
        let anonymous: Vec<Permission> = anonymous.into_iter().collect();
        let grants_of = |bits: u16| {
            let roles = Roles(bits);
            let held = |rule: &&PermissionRule| rule.roles.iter().any(|role| roles.contains(*role));
            let permissions = rules.iter().filter(held).map(|rule| rule.permission);
            Grants::of(permissions.chain(anonymous.iter().copied()))
        };
        let every = rules.iter().map(|rule| rule.permission);
        Self {
            by_roles: (0..=every_role().0).map(grants_of).collect(),
            anonymous: Grants::of(anonymous.iter().copied()),
            everything: Grants::of(every.chain(anonymous.iter().copied())),
        }
    }

    /// What these roles grant.
    pub fn grants(&self, roles: Roles) -> Grants {
        self.by_roles
            .get(usize::from(roles.0))
            .cloned()
            .unwrap_or_default()
    }

    /// What anyone may do.
    pub fn anonymous(&self) -> Grants {
        self.anonymous.clone()
    }

    /// Every permission there is: for Linli itself, the command line and demo data.
    pub fn system(&self) -> Grants {
        self.everything.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Permission = Permission("notices.read");
    const WRITE: Permission = Permission("notices.write");
    const LOOK: Permission = Permission("notices.look");

    #[test]
    fn a_set_of_roles_holds_the_union_and_nobody_only_the_explicit_set() {
        let directory = Directory::new(
            [
                PermissionRule {
                    permission: READ,
                    roles: &[Role::Resident, Role::Butler],
                },
                PermissionRule {
                    permission: WRITE,
                    roles: &[Role::Butler],
                },
            ],
            [LOOK],
        );
        let of = |roles: &[Role]| directory.grants(roles.iter().copied().collect());
        let held = |grants: &Grants| [READ, WRITE, LOOK].map(|p| grants.holds(p));
        assert_eq!(held(&of(&[])), [false, false, true]);
        assert_eq!(held(&of(&[Role::Owner])), [false, false, true]);
        assert_eq!(held(&of(&[Role::Resident])), [true, false, true]);
        assert_eq!(held(&of(&[Role::Owner, Role::Butler])), [true, true, true]);
        assert_eq!(held(&of(&Role::ALL)), [true, true, true]);
        assert_eq!(held(&directory.anonymous()), [false, false, true]);
        assert_eq!(held(&directory.system()), [true, true, true]);
    }

    #[test]
    fn every_role_has_its_own_bit() {
        for role in Role::ALL {
            let only = Roles::NONE.with(role);
            assert_eq!(only.iter().collect::<Vec<_>>(), [role]);
            assert_eq!(
                only.any_staff(),
                !matches!(role, Role::Resident | Role::Owner | Role::Applicant)
            );
        }
    }
}
