journal-error-key-reused = This request key was used for another action. Take a new key and try again.
journal-error-key-length = A request key has 1 to 200 characters; this one has { $length }.
journal-error-no-such-entry = The community's record has no entry { $position }. Start from the newest entries.
journal-error-broken = Entry { $position } does not match the proven record; the data may have been changed. Ask the administrator to compare with a backup.
reference-tag-journal = The record and its proofs
