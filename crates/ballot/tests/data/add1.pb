META
key;value
description;Four voters, three projects: equal shares funds one, Add1 a second
country;China
unit;Shaoxing
instance;2026
num_projects;3
num_votes;4
budget;10
vote_type;approval
rule;equalshares/add1
date_begin;01.06.2026
date_end;30.06.2026
PROJECTS
project_id;cost;votes;name;selected
a;6;3;"Benches; under the ""old"" camphor tree";1
b;4;2;Lamps;0
c;4;2;Trees;1
VOTES
voter_id;vote
v1;a,b
v2;a,b
v3;a,c
v4;c
