-- What a vote replaced stands in the journal, whose entries name each other; nothing reads a copy of it.
drop table vote_replaced;
