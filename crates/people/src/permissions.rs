//! What one may do with the roll, and who may by default.

use kernel::{Permission, Role};

/// See the roll: units, areas, owners and residents with masked data.
pub const ROLL_READ: Permission = Permission("people.roll.read");
/// Bring the roll to what a file says, and see what it would change.
pub const ROLL_IMPORT: Permission = Permission("people.roll.import");
/// Record transfers and corrections.
pub const ROLL_CHANGE: Permission = Permission("people.roll.change");
/// Read a person's data in full, for a reason that is recorded.
pub const PERSONAL_DATA_READ: Permission = Permission("people.personal_data.read");
/// Erase the data of someone who neither owns nor lives here any more.
pub const PERSONAL_DATA_ERASE: Permission = Permission("people.personal_data.erase");
/// Appoint the voice of a co-owned unit: an owner of their own, the committee of any.
pub const VOICE_APPOINT: Permission = Permission("people.voice.appoint");
/// Tie a login to an owner or resident.
pub const ACCOUNT_LINK: Permission = Permission("people.account.link");
/// Bring a new community to Linli.
pub const COMMUNITY_CREATE: Permission = Permission("people.community.create");

/// The roles that hold each permission unless a community decides otherwise.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (
        ROLL_READ,
        &[Role::CommitteeMember, Role::Butler, Role::CityStaff],
    ),
    (ROLL_IMPORT, &[Role::CommitteeMember, Role::CityStaff]),
    (ROLL_CHANGE, &[Role::CommitteeMember]),
    (
        PERSONAL_DATA_READ,
        &[Role::CommitteeMember, Role::Butler, Role::CityStaff],
    ),
    (
        PERSONAL_DATA_ERASE,
        &[Role::CommitteeMember, Role::CityStaff],
    ),
    (VOICE_APPOINT, &[Role::Owner, Role::CommitteeMember]),
    (ACCOUNT_LINK, &[Role::CommitteeMember, Role::CityStaff]),
    (COMMUNITY_CREATE, &[Role::Administrator, Role::CityStaff]),
];
