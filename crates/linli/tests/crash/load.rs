//! Owners who vote and change their votes, and a committee member who records paper votes, all at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::http::Client;
use crate::record::units_without_vote;
use crate::server::{City, Server};

/// The password of every demo login, as `linli demo` prints it.
const PASSWORD: &str = "jianhu-2026-demo";
/// Owners who vote on the platform.
const OWNERS: usize = 6;
/// Connections on which the committee records paper votes.
const RECORDERS: usize = 10;

/// Who votes, where, on what.
pub(crate) struct Load {
    community: String,
    resolution: String,
    committee: String,
    /// Token and unit of each owner.
    owners: Vec<(String, String)>,
    /// Units that vote on paper.
    paper: Arc<Vec<String>>,
}

/// A request that was sent; by its key it can be sent again.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) key: String,
    pub(crate) unit: String,
    path: String,
    token: String,
    body: Value,
}

/// A vote that the server acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Vote {
    pub(crate) request: Request,
    pub(crate) code: String,
    pub(crate) position: u64,
    pub(crate) revision: u64,
}

/// What came of a round.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) votes: Vec<Vote>,
    /// Sent, and the connection broke before the answer.
    pub(crate) unanswered: Vec<Request>,
}

/// A round that goes on until the server is gone.
pub(crate) struct Running(Vec<JoinHandle<Made>>);

impl Running {
    pub(crate) fn wait(self) -> Made {
        let mut all = Made::default();
        for voter in self.0 {
            let made = voter.join().unwrap();
            all.votes.extend(made.votes);
            all.unanswered.extend(made.unanswered);
        }
        all
    }
}

impl Load {
    /// Signs everyone in and finds the running vote.
    pub(crate) fn prepare(city: &City, server: &Server) -> Self {
        let committee = sign_in(server, "weiyuan");
        let mut client = server.client(&committee);
        let me = client.get("/api/v1/me").unwrap().body;
        let community = text(&me["roles"][0]["community"]);
        let list = client
            .get(&format!("/api/v1/communities/{community}/resolutions"))
            .unwrap()
            .body;
        let voting = list
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["stage"] == "voting");
        let resolution = text(&voting.expect("the demo has a running vote")["id"]);
        let path = format!("/api/v1/communities/{community}/resolutions/{resolution}");
        let mut owners = Vec::new();
        for number in 0..OWNERS {
            // The demo's first community is the one whose owners are numbered 0.
            let login = format!("demo-owner-0-{number}");
            city.set_password(&login, PASSWORD);
            let token = sign_in(server, &login);
            let seen = server.client(&token).get(&path).unwrap().body;
            let units = seen["own_units"].as_array().unwrap();
            let unit = units
                .iter()
                .find(|unit| unit["votable"] == true)
                .expect("an owner has a unit to vote for");
            owners.push((token, text(&unit["unit"])));
        }
        let mut paper = units_without_vote(city, &community, &resolution);
        // What came in last counts: paper that races an owner's own votes would be refused now and then.
        paper.retain(|unit| owners.iter().all(|(_, own)| own != unit));
        assert!(
            paper.len() > 100,
            "the demo leaves {} units without a vote",
            paper.len()
        );
        Self {
            community,
            resolution,
            committee,
            owners,
            paper: Arc::new(paper),
        }
    }

    pub(crate) fn community(&self) -> &str {
        &self.community
    }

    /// Everyone votes until the server is gone.
    pub(crate) fn start(&self, server: &Server, round: u64) -> Running {
        let mut voters = Vec::new();
        for (number, (token, unit)) in self.owners.iter().enumerate() {
            let (path, token, unit) = (self.path("votes"), token.clone(), unit.clone());
            let request = move |turn: usize| {
                let choice = ["for", "against", "abstain"][turn % 3];
                Request {
                    key: format!("owner-{round}-{number}-{turn}"),
                    body: json!({ "unit": unit, "choice": choice }),
                    unit: unit.clone(),
                    path: path.clone(),
                    token: token.clone(),
                }
            };
            let client = server.client(&self.owners[number].0);
            voters.push(std::thread::spawn(move || vote_until_gone(client, request)));
        }
        for number in 0..RECORDERS {
            let (path, token) = (self.path("recorded-votes"), self.committee.clone());
            let paper = Arc::clone(&self.paper);
            // Each has units of their own: of two papers for one unit the one received first is refused.
            let first = usize::try_from(round).unwrap() * 61;
            let request = move |turn: usize| {
                let own = paper.len() / RECORDERS;
                let unit = &paper[(first + turn) % own * RECORDERS + number];
                let evidence = format!("paper {turn}, committee's cabinet");
                Request {
                    key: format!("paper-{round}-{number}-{turn}"),
                    body: json!({
                        "unit": unit, "choice": "for", "channel": "paper", "received_us": now_us(), "evidence": evidence,
                    }),
                    unit: unit.clone(),
                    path: path.clone(),
                    token: token.clone(),
                }
            };
            let client = server.client(&self.committee);
            voters.push(std::thread::spawn(move || vote_until_gone(client, request)));
        }
        Running(voters)
    }

    /// Sends what got no answer again, under its old key.
    pub(crate) fn repeat(&self, server: &Server, unanswered: Vec<Request>) -> Vec<Vote> {
        unanswered
            .into_iter()
            .map(|request| sent_again(server, request))
            .collect()
    }

    /// Sends some of what was acknowledged again: the answer is the same, because nothing happens twice.
    pub(crate) fn asks_again_and_hears_the_same(&self, server: &Server, votes: &[Vote]) {
        for vote in votes.iter().rev().step_by(17).take(20) {
            let again = sent_again(server, vote.request.clone());
            assert_eq!(
                (again.position, again.code),
                (vote.position, vote.code.clone()),
                "{}",
                vote.request.key
            );
        }
    }

    /// The page of every owner shows the newest vote that was acknowledged for their unit.
    pub(crate) fn every_owner_sees_their_last_vote(&self, server: &Server, votes: &[Vote]) {
        let mut last: HashMap<&str, &Vote> = HashMap::new();
        for vote in votes {
            let newest = last.entry(&vote.request.unit).or_insert(vote);
            if vote.position > newest.position {
                *newest = vote;
            }
        }
        for (token, unit) in &self.owners {
            let Some(vote) = last.get(unit.as_str()) else {
                continue;
            };
            let path = format!(
                "/api/v1/communities/{}/resolutions/{}",
                self.community, self.resolution
            );
            let seen = server.client(token).get(&path).unwrap().body;
            let own = seen["own_units"]
                .as_array()
                .unwrap()
                .iter()
                .find(|own| own["unit"] == unit.as_str())
                .unwrap();
            assert_eq!(
                own["code"],
                vote.code.as_str(),
                "unit {unit}, revision {}",
                vote.revision
            );
        }
    }

    fn path(&self, what: &str) -> String {
        format!(
            "/api/v1/communities/{}/resolutions/{}/{what}",
            self.community, self.resolution
        )
    }
}

fn vote_until_gone(mut client: Client, mut next: impl FnMut(usize) -> Request) -> Made {
    let mut made = Made::default();
    for turn in 0.. {
        let request = next(turn);
        match client.post(&request.path, &request.key, &request.body) {
            Ok(answer) if answer.status == 201 => made.votes.push(vote(request, &answer.body)),
            Ok(answer) => panic!("{} is answered {answer:?}", request.key),
            Err(_) => {
                made.unanswered.push(request);
                break;
            }
        }
    }
    made
}

fn sent_again(server: &Server, request: Request) -> Vote {
    let answer = server
        .client(&request.token)
        .post(&request.path, &request.key, &request.body)
        .unwrap();
    assert_eq!(
        answer.status, 201,
        "{} sent again is answered {:?}",
        request.key, answer.body
    );
    vote(request, &answer.body)
}

fn vote(request: Request, answer: &Value) -> Vote {
    Vote {
        request,
        code: text(&answer["code"]),
        position: answer["position"].as_u64().unwrap(),
        revision: answer["revision"].as_u64().unwrap(),
    }
}

fn sign_in(server: &Server, login: &str) -> String {
    let credentials = json!({ "login": login, "password": PASSWORD });
    let answer = server
        .client("")
        .post("/api/v1/sessions", "", &credentials)
        .unwrap();
    assert_eq!(answer.status, 201, "{login} signs in: {answer:?}");
    text(&answer.body["token"])
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is a text"))
        .to_owned()
}

fn now_us() -> u64 {
    u64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_micros(),
    )
    .unwrap()
}
