// Checks and counts the board of a secret poll (`linli-board-….json`) without any code of Linli: signatures with Node's
// own cryptography, counting written here again from the methods' definitions. `node recount.mjs BOARD.json`.

import { constants, createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Everything that is wrong with the board's ballots, and who wins by a count of our own. */
export function recount(board) {
  const faults = [];
  if (board.format !== "linli board 1") faults.push(`a board of format ${board.format}`);
  const issuer = createPublicKey({ key: Buffer.from(board.public_key, "base64"), format: "der", type: "spki" });
  const seen = new Set();
  for (const ballot of board.ballots) {
    const voterKey = Buffer.from(ballot.voter_key, "base64");
    const serial = createHash("sha256").update(voterKey).digest();
    if (seen.has(serial.toString("hex"))) faults.push(`${ballot.code} votes twice`);
    seen.add(serial.toString("hex"));
    if (codeOf(serial) !== ballot.code) faults.push(`${ballot.code} is not the code of its ballot`);
    const signed = verify("sha384", voterKey,
      { key: issuer, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }, Buffer.from(ballot.credential, "base64"));
    if (!signed) faults.push(`${ballot.code} has no credential of this poll`);
    const words = Buffer.from(`linli ballot 1\n${board.poll}\n${ballot.choice}`);
    const sealed = verify("sha256", words, { key: pointKey(voterKey), dsaEncoding: "ieee-p1363" }, Buffer.from(ballot.seal, "base64"));
    if (!sealed) faults.push(`${ballot.code} was altered`);
  }
  if (board.ballots.length > board.collected) faults.push("more ballots than credentials were given out");
  if (board.paper.length > board.handed_out) faults.push("more paper ballots than were handed out");
  if (board.collected + board.handed_out > board.electors) faults.push("more ballots were given out than there are electors");
  const options = board.draft.options.length;
  const choices = [...board.ballots.map((ballot) => ballot.choice), ...board.paper];
  const votes = choices.map((choice) => numbers(choice));
  for (const vote of votes) {
    if (new Set(vote).size < vote.length || vote.some((one) => !(one >= 0 && one < options))) faults.push(`a choice that is none: ${vote}`);
  }
  if (board.draft.funding) return { faults, ballots: votes.length, winners: funded(board.draft, choices) };
  return { faults, ballots: votes.length, winners: winnersBy(board.draft.method, options, votes.filter((vote) => vote.length)) };
}

const numbers = (choice) => (choice === "" ? [] : choice.split(",").map((number) => Number(number.split(":")[0]) - 1));

/** The projects that a participatory budget pays, ascending. */
function funded({ funding, options }, choices) {
  const votes = choices.filter((choice) => choice !== "").map(numbers);
  const points = choices.filter((choice) => choice !== "").map((choice) => choice.split(",").map((part) => Number(part.split(":")[1] ?? 1)));
  const worth = (vote, option) => {
    const place = votes[vote].indexOf(option);
    if (place < 0) return 0;
    return funding.ballots === "ranking" ? votes[vote].length - place : points[vote][place];
  };
  const projects = options.map((option, index) => ({
    index,
    cost: BigInt(option.project.cost_fen),
    by: votes.flatMap((vote, voter) => (vote.includes(index) ? [voter] : [])),
    score: votes.reduce((sum, _, voter) => sum + worth(voter, index), 0),
  }));
  const budget = BigInt(funding.budget_fen);
  const rules = {
    "greedy": () => greedy(projects, budget, true),
    "greedy-threshold": () => greedy(projects.filter(({ score }) => score >= funding.threshold), budget, true),
    "greedy-no-skip": () => greedy(projects, budget, false),
    "equal-shares": () => equalShares(projects, votes.length, [budget, BigInt(votes.length)]),
    "equal-shares-add1": () => addOne(projects, votes.length, budget),
  };
  if (!rules[funding.rule]) throw new Error(`${funding.rule} is not counted here`);
  return rules[funding.rule]().sort((a, b) => a - b);
}

function greedy(projects, budget, skips) {
  const won = [];
  for (const project of projects.toSorted((a, b) => b.score - a.score)) {
    if (project.cost <= budget) {
      won.push(project.index);
      budget -= project.cost;
    } else if (!skips) break;
  }
  return won;
}

const costOf = (projects, won) => won.reduce((sum, index) => sum + projects.find((one) => one.index === index).cost, 0n);

/** Whole yuan for each voter, from the share rounded down, until one more would overspend. */
function addOne(projects, voters, budget) {
  const yuan = 100n;
  let share = budget / BigInt(voters) / yuan * yuan;
  let won = equalShares(projects, voters, [share, 1n]);
  while (won.length < projects.filter(({ by }) => by.length).length) {
    share += yuan;
    const more = equalShares(projects, voters, [share, 1n]);
    if (costOf(projects, more) > budget) break;
    won = more;
  }
  return won;
}

/** The Method of Equal Shares by its definition, in fractions: the project with the least price for its supporters first. */
function equalShares(projects, voters, share) {
  const purse = Array.from({ length: voters }, () => share);
  const left = projects.filter(({ by, cost }) => by.length && cost > 0n);
  const won = [];
  for (;;) {
    const offers = left.map((project) => ({ project, price: priceOf(project, purse) })).filter(({ price }) => price);
    if (!offers.length) return won;
    offers.sort((a, b) => compare(a.price, b.price) || Number(a.project.cost - b.project.cost)
      || b.project.by.length - a.project.by.length || a.project.index - b.project.index);
    const [{ project, price }] = offers;
    for (const voter of project.by) purse[voter] = minus(purse[voter], compare(purse[voter], price) < 0 ? purse[voter] : price);
    won.push(project.index);
    left.splice(left.indexOf(project), 1);
  }
}

/** The least price at which a project's supporters can pay it, each at most that and at most what they have. */
function priceOf(project, purse) {
  const money = project.by.map((voter) => purse[voter]).sort(compare);
  let rest = [project.cost, 1n];
  for (const [place, has] of money.entries()) {
    const price = over(rest, BigInt(money.length - place));
    if (compare(price, has) <= 0) return price;
    rest = minus(rest, has);
  }
  return null;
}

const compare = ([a, b], [c, d]) => (a * d < c * b ? -1 : a * d > c * b ? 1 : 0);
const minus = ([a, b], [c, d]) => reduced(a * d - c * b, b * d);
const over = ([a, b], n) => reduced(a, b * n);

function reduced(a, b) {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y) [x, y] = [y, x % y];
  return x ? [a / x, b / x] : [0n, 1n];
}

/** A point of P-256 as a key: its SubjectPublicKeyInfo has a constant head. */
function pointKey(point) {
  const head = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");
  return createPublicKey({ key: Buffer.concat([head, point]), format: "der", type: "spki" });
}

/** The first 60 bits in the alphabet of receipts. */
function codeOf(serial) {
  const bits = [...serial.subarray(0, 8)].map((byte) => byte.toString(2).padStart(8, "0")).join("").slice(0, 60);
  const letters = bits.match(/.{5}/g).map((five) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[parseInt(five, 2)]).join("");
  return letters.match(/.{4}/g).join("-");
}

function winnersBy(method, options, votes) {
  const all = Array.from({ length: options }, (_, option) => option);
  if (!votes.length) return [];
  if (method === "single" || method === "approval") {
    return best(all, (option) => votes.filter((vote) => vote.includes(option)).length);
  }
  return method === "schulze" ? schulze(all, votes) : runoff(all, votes, []);
}

function best(options, score) {
  const most = Math.max(...options.map(score));
  return options.filter((option) => score(option) === most);
}

/** Instant run-off as a recursion: `before` has the earlier counts, the latest last. */
function runoff(left, votes, before) {
  const tops = votes.map((vote) => vote.find((option) => left.includes(option))).filter((top) => top !== undefined);
  const count = new Map(left.map((option) => [option, tops.filter((top) => top === option).length]));
  const counts = [...count.values()];
  const most = Math.max(...counts), fewest = Math.min(...counts);
  if (2 * most > tops.length || most === fewest) return left.filter((option) => count.get(option) === most);
  let last = left.filter((option) => count.get(option) === fewest);
  for (const earlier of [...before].reverse()) {
    const least = Math.min(...last.map((option) => earlier.get(option)));
    last = last.filter((option) => earlier.get(option) === least);
  }
  const out = last.at(-1);
  return runoff(left.filter((option) => option !== out), votes, [...before, count]);
}

/** Schulze's method by its definition: for each strength, who reaches whom over victories at least as strong. */
function schulze(options, votes) {
  const place = (vote, option) => (vote.includes(option) ? vote.indexOf(option) : Infinity);
  const over = (a, b) => votes.filter((vote) => place(vote, a) < place(vote, b)).length;
  const victory = options.map((a) => options.map((b) => (a !== b && over(a, b) > over(b, a) ? over(a, b) : 0)));
  const strengths = [...new Set(victory.flat())].filter((strength) => strength > 0).sort((a, b) => b - a);
  const strongest = (from, to) => strengths.find((strength) => {
    const reached = new Set([from]);
    for (const here of reached) {
      options.filter((next) => victory[here][next] >= strength).forEach((next) => reached.add(next));
    }
    return from !== to && reached.has(to);
  }) ?? 0;
  return options.filter((a) => options.every((b) => strongest(a, b) >= strongest(b, a)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { faults, ballots, winners } = recount(JSON.parse(readFileSync(process.argv[2], "utf8")));
  for (const fault of faults) console.error(`fault: ${fault}`);
  console.log(JSON.stringify({ ballots, winners }));
  process.exit(faults.length ? 1 : 0);
}
