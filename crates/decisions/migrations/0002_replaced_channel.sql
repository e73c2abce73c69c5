-- How the vote came in that this one replaced, if it replaced one: an owner is told when paper took the place of a vote
-- cast on the platform.
alter table vote add column replaced_channel TEXT;
