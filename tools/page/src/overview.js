// The head of the page, the headline numbers, the goals, and the flow.

import { campaigns, report } from "./data.js";
import { intervals } from "./charts.js";
import { difference, figure, h, left, none, note, part, rate, right, section, table } from "./dom.js";
import * as format from "./format.js";

const run = report.simulation.run;

export function header() {
  return [
    h("p", { class: "kind" }, "nurture report"),
    h("h1", {}, run.programme),
    h("p", { class: "lead" }, "What this programme would have done over its log, ",
      figure(run, "first", "instant"), " to ", figure(run, "horizon", "instant"), ": ",
      figure(run, "events"), " events of ", figure(run, "leads"), " leads."),
    ...(report.assumed ? assumed() : [
      note("Every number comes from replaying what the log holds: nothing on this page is assumed. Where a rate stands with a range, ",
        "the range is its 95 % interval.")]),
  ];
}

function assumed() {
  return [
    h("p", { class: "lead assumes" }, "Assumed (", report.assumed.scenario, "): how people react to what this run sends and hands off. ",
      report.assumed.figures.length > 0
        ? ["All else is history: the log and the programme alone. Figures marked ", h("span", { class: "assumed" }, ""), " count something that hangs on what is assumed; charts say so in their title."]
        : "Nothing on this page hangs on it: all is history."),
    note("Where a rate stands with a range, the range is its 95 % interval if people react as assumed. Whether they do, it does not say."),
  ];
}

function tile(label, ...content) {
  return h("div", { class: "tile" }, h("dt", {}, label), h("dd", {}, ...content));
}


export function headline(campaign) {
  const { summary } = campaign;
  const totals = report.simulation.totals;
  return section("headline", "In numbers",
    h("dl", { class: "tiles" },
      tile("came in", h("strong", {}, figure(summary, "entered")), h("small", {}, figure(summary, "held_out"), " of them held out")),
      tile("still in it", h("strong", {}, figure(summary, "active")), h("small", {}, figure(summary, "active_held_out"), " of them held out")),
      tile("left", h("strong", {}, figure(summary, "exited")), h("small", {}, "stay, the middle one: ", figure(summary.stay, "median_us", "duration"))),
      tile("turned away", h("strong", {}, figure(summary, "turned_away")), h("small", {}, "by a guard of the campaign")),
      tile("handed to sales", h("strong", {}, figure(summary.sales, "handed_off")), h("small", {}, figure(summary.sales, "answered"), " were answered"))),
    goals(campaign),
    table("How they left", [left("Reason"), right("Memberships"), right("Held out")],
      summary.exits.map((exit) => [format.words(exit.reason), figure(exit, "count"), figure(exit, "held_out")])),
    summary.entries.length > 1 || summary.turned_away > 0 ? entries(summary) : null,
    h("p", {}, "In all campaigns together, ", figure(totals, "leads_entered"), " leads came in and ", figure(totals, "leads_sent"),
      " got at least one message; ", figure(totals, "leads_in_no_campaign"), " were in no campaign."));
}

function entries(summary) {
  const causes = Object.keys(summary.refused).filter((cause) => summary.refused[cause] > 0);
  return table("How they came in, and who was turned away", [left("Entry"), right("Came in"), right("Held out"), ...causes.map((cause) => right("Not: " + format.words(cause)))],
    summary.entries.map((entry) => [h("code", {}, entry.label), figure(entry, "treated"), figure(entry, "held_out"), ...causes.map((cause) => figure(entry.refused, cause))]));
}

function goals({ summary, review, experiments }) {
  if (review.goals.length === 0) return note("This campaign has no goal, so there is no rate to judge it by.");
  const held = summary.held_out > 0;
  const compares = held && !report.assumed;
  const holdout = experiments.find((one) => one.kind === "holdout");
  const lift = (name) => {
    const goal = holdout?.goals.find((each) => each.name === name);
    const compared = goal?.arms.find((arm) => arm.lift !== null);
    return compared ? difference(compared.lift) : "–";
  };
  const rows = review.goals.map((goal, i) => [
    goal.name, figure(summary.goals[i].treated, "reached"), rate(goal.treated), figure(goal.treated, "of"),
    ...(held ? [rate(goal.held_out), figure(goal.held_out, "of")] : []), ...(compares ? [lift(goal.name)] : []),
    figure(goal.time, "median_us", "duration"),
  ]);
  const heads = [left("Goal"), right("Reached"), right("Rate"), right("of"), ...(held ? [right("Held out"), right("of")] : []), ...(compares ? [right("Lift")] : []), right("Half by")];
  const drawn = review.goals.flatMap((goal) => [
    { name: goal.name, ...goal.treated, at: goal.treated.rate, colour: 0 },
    held ? { name: goal.name + ", held out", ...goal.held_out, at: goal.held_out.rate, colour: 7 } : null,
  ]).filter((row) => row && row.at !== null);
  const says = held && report.assumed
    ? "Those held out got nothing, so nothing is assumed of them; what they are better or worse by hangs on the assumption, and is no lift."
    : held
    ? "The lift, of leads and not of memberships, is the rate of those in the campaign less that of those held out, who got nothing: what the campaign is worth."
    : "Nobody was held out, so how many would have reached it anyway is not known.";
  return part("The goals", note(says, " A rate is of those whose time to reach the goal is over."),
    drawn.length > 0
      ? intervals({ title: "Share that reached each goal, with its 95 % interval", rows: drawn, format: (x) => Math.round(1000 * x) / 10 + " %", table: table("Goals", heads, rows) })
      : table("Goals", heads, rows));
}

/** The picture of a campaign stands in a tree of its own, so that its style stays with it. */
function picture(flow) {
  if (!flow || flow.svg === null) return none(flow ? flow.missing : "There is no picture of this campaign.");
  const host = h("div", { class: "picture" });
  const parsed = new DOMParser().parseFromString(flow.svg, "image/svg+xml");
  const svg = document.importNode(parsed.documentElement, true);
  host.attachShadow({ mode: "open" }).append(h("style", {}, "@media print { svg { width: 100%; height: auto } }"), svg);
  const label = flow.name === null ? "Picture of all campaigns" : "Picture of campaign " + flow.name;
  return h("div", { class: "scroll wide", tabindex: "0", role: "region", "aria-label": label }, host);
}

export function flow(campaign) {
  const all = report.flows.find((each) => each.name === null);
  return section("flow", "The flow, with volumes",
    note("Boxes say how many came there; arrows how many took them, their share, and after how long half of them did. Scroll it where it is wider than the page."),
    picture(campaign.flow),
    all ? part("All campaigns together", picture(all)) : null);
}

export function chooser(chosen, choose) {
  if (campaigns.length < 2) return null;
  const select = h("select", { id: "campaign" }, campaigns.map(({ summary }, i) => h("option", { value: i, selected: i === chosen }, summary.name)));
  select.addEventListener("change", () => choose(Number(select.value)));
  return h("p", { class: "chooser" }, h("label", { for: "campaign" }, "Campaign "), select);
}

