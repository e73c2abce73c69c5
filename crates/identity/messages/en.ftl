### Accounts, signing in, roles.

permission-identity-appoint-committee = Appoint committee members
permission-identity-read-personal-data = Read personal data in full
permission-identity-view-members = See the members
permission-identity-register-organisation = Register organisations
identity-error-sealed = Personal data that is stored sealed does not open. Start with the key file that belongs to this database.
identity-error-internal = Something went wrong inside; nothing was changed. Please tell your administrator.
identity-error-not-signed-in = You are not signed in. Please sign in first.
identity-error-sign-in-refused = Login or password is wrong. Try again, or ask the community's desk for a new code.
identity-error-account-disabled = This account is disabled. Please ask the community's desk.
identity-error-too-many-attempts = Too many failed sign-ins. Try again in { $seconds } s, or ask an administrator to unlock it.
identity-error-too-many-requests = Too many requests. Try again in { $seconds } s.
identity-error-confirm-first = This needs a fresh confirmation. Enter your password or use a passkey first.
identity-error-password-too-short = A password has at least { $shortest } characters. Take a few words that only you would put together.
identity-error-password-too-long = A password has at most { $longest } characters. Please shorten it.
identity-error-password-common = This password is among those guessed first. Take a few words that only you would put together.
identity-error-password-personal = A password must not contain your name, login or phone number. Take words that others don't know of you.
identity-error-invalid-login = Write a phone number, or a user name of 3 to 32 letters, digits, dots or dashes.
identity-error-login-taken = This login is taken. Sign in with it, or use another.
identity-error-invalid-text = { $field ->
    [name] Please write a name of 1 to { $limit } characters.
    [reason] Please give a reason of 1 to { $limit } characters.
    [label] Please name the device in 1 to { $limit } characters.
   *[other] A field is missing or has more than { $limit } characters.
}
identity-error-until-passed = The end lies in the past. Choose a later one.
identity-error-no-such-account = There is no such account here. Search for it by name or login.
identity-error-no-such-session = This session has ended already. Reload the list.
identity-error-no-such-organisation = There is no such organisation here. Register it first.
identity-error-no-such-role = This account does not hold this role. Reload the list.
identity-error-role-held = This account holds this role here already.
identity-error-role-not-here = This role can't be given this way.
identity-error-last-administrator = This is the last administrator. Appoint another first.
identity-error-last-login = An account keeps at least one login. Add another first.
identity-error-administrator-exists = There is an administrator already. Sign in as them, or set their password.
identity-error-on-oneself = Nobody does this to their own account. Ask another who may.
identity-error-not-a-member = You are not a member of this organisation. Ask it to appoint you.
identity-error-needs-administrator = This account holds a staff role. An administrator has to do this.
identity-error-code-unknown = This code is not known. Check it letter by letter, or ask for a new one.
identity-error-code-settled = This code was used or withdrawn. Ask for a new one.
identity-error-code-expired = This code has expired. Ask for a new one.
identity-error-ceremony-expired = The passkey request has expired. Start again.
identity-error-passkey-refused = The passkey was refused. Try again, or sign in with your password.
identity-error-no-such-passkey = There is no such passkey in this account. Reload the list.
identity-error-too-many = { $what ->
    [logins] An account has at most { $limit } logins. Remove one first.
   *[passkeys] An account has at most { $limit } passkeys. Remove one first.
}

identity-role-resident = Resident
identity-role-owner = Owner
identity-role-butler = Butler
identity-role-committee_member = Committee member
identity-role-provider = Provider
identity-role-applicant = Applicant
identity-role-city_staff = City staff
identity-role-supervisor = Supervisor
identity-role-administrator = Administrator

identity-organisation-committee = Committee
identity-organisation-property_company = Property company
identity-organisation-provider = Provider
identity-organisation-city_department = City department
identity-organisation-developer = Developer (asks for permits)

permission-identity-invite = Invite residents and owners
permission-identity-appoint = Appoint butlers and providers
permission-identity-reset = Issue codes to set a new password
permission-identity-administer = Administer accounts

identity-assurance-password = Password
identity-assurance-passkey = Passkey

entry-identity-account-created = opened an account
entry-identity-account-disabled = shut out an account
entry-identity-account-enabled = let an account in again
entry-identity-administrator-created = made the first administrator
entry-identity-code-issued = issued an invitation or a reset code
entry-identity-code-redeemed = used an invitation or a reset code
entry-identity-code-withdrawn = took back an unused code
entry-identity-login-added = added a login
entry-identity-login-removed = removed a login
entry-identity-organisation-registered = registered an organisation
entry-identity-passkey-added = added a passkey
entry-identity-passkey-removed = removed a passkey
entry-identity-passkey-renamed = renamed a passkey
entry-identity-password-changed = changed their password
entry-identity-password-reset = reset their password by a code
entry-identity-password-set = set a person's password on the server
entry-identity-personal_data-read = read a person's data in full
entry-identity-profile-changed = changed their name or settings
entry-identity-role-ended = ended a role
entry-identity-role-granted = gave a role
entry-identity-session-acting_for = chose for whom they act
entry-identity-session-all_ended = signed out all devices
entry-identity-session-confirmed = confirmed who they are
entry-identity-session-ended = signed out
entry-identity-session-rotated = renewed a session
entry-identity-session-started = signed in
entry-identity-sign_in-failed = a sign-in failed
entry-identity-sign_in-unlocked = lifted the wait on a login
