home-lead = Neighbours look after each other and decide together.
home-nothing-waits = Nothing waits for you now
home-nothing-waits-text = New votes and notices appear here.
home-places = What you can do
nav-decisions-text = See and take part in the owners' decisions
nav-people-text = Buildings, units, owners and residents
nav-record-text = Every step leaves a record that can be proved
account-nav-members-text = Members, roles and invitations
