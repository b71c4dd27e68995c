// Work for people, splits, and the breakdown by groups.

import { columns, intervals } from "./charts.js";
import { report } from "./data.js";
import { difference, figure, h, left, none, note, part, rate, right, section, table } from "./dom.js";
import * as format from "./format.js";
import { where } from "./source.js";

const KINDS = [["hand_offs", "hand-offs"], ["calls", "calls"], ["tasks", "tasks"]];
const percent = (x) => Math.round(1000 * x) / 10 + " %";

export function work({ summary }) {
  const { weeks } = report.simulation;
  const used = KINDS.filter(([kind]) => weeks.some((week) => week[kind] > 0));
  const lines = KINDS.filter(([kind]) => report.capacity[kind] !== null).map(([kind, name]) => ({ name: "can do: " + format.count(report.capacity[kind]) + " " + name, at: report.capacity[kind] }));
  return section("work", "Work for people",
    used.length === 0 ? none("The programme gave people nothing to do.") :
      columns({ title: "Work that came up in each week, all campaigns", names: weeks.map((week) => week.week_of), format: format.count, lines,
        series: used.map(([kind, name]) => ({ name, data: weeks.map((week) => week[kind]) })),
        table: table("Work per week", [left("Week of"), ...used.map(([, name]) => right(name))], weeks.map((week) => [figure(week, "week_of", "day"), ...used.map(([kind]) => figure(week, kind))])) }),
    lines.length > 0 ? h("p", {}, "What people can do in a week is written in nurture.toml: ", KINDS.filter(([kind]) => report.capacity[kind] !== null).map(([kind, name], i) => [i ? ", " : "", figure(report.capacity, kind), " " + name]).flat(), ".") : null,
    owners(),
    part("In this campaign",
      table("Sales", [left("What"), right("How many")], [["handed to sales", figure(summary.sales, "handed_off")], ["were there already", figure(summary.sales, "already_with_sales")], ["answered", figure(summary.sales, "answered")],
        ["answer promised in a time", figure(summary.sales, "promised")], ["promise missed", figure(summary.sales, "promises_missed")], ["taken back", figure(summary.sales, "taken_back")]]),
      summary.work.length > 0 ? table("Statements that make work or tell others", [left("What"), left("For"), left("Written in"), right("How often")],
        summary.work.map((row) => [format.words(row.kind), row.name || "–", where(row.where), figure(row, "count")])) : null));
}

/** Who has to do how much, and how long it takes them: of all campaigns, as people work for all of them. */
function owners() {
  const { owners } = report.review;
  if (owners.every((owner) => owner.name === null)) return null;
  const name = (owner) => (owner.name === null ? "nobody named" : owner.people > 1 ? owner.name + " (" + format.count(owner.people) + ")" : owner.name);
  const weeks = report.simulation.weeks.map((week) => week.week_of).filter((day) => owners.some((owner) => owner.weeks.some((week) => week.week_of === day)));
  const at = (owner, day) => owner.weeks.find((week) => week.week_of === day);
  const limit = report.capacity.calls_per_owner;
  return part("By person, all campaigns",
    note("Calls and tasks are of whom they are assigned to, hand-offs of the owner of the lead. Answers are counted from the hand-off on."),
    table("What falls to each, and how long answers take", [left("Who"), ...KINDS.map(([, kind]) => right(kind)), right("Most in one week"), right("Answered"), right("Half by"), right("90 % by"), right("Promises missed")],
      owners.map((owner) => [name(owner), ...KINDS.map(([kind]) => figure(owner, kind)), figure(owner, "most_in_a_week"), figure(owner.answers, "count"),
        figure(owner.answers, "median_us", "duration"), figure(owner.answers, "p90_us", "duration"), figure(owner, "missed")])),
    limit === null ? null : h("p", {}, "Each can make ", figure(report.capacity, "calls_per_owner"), " calls a week, says nurture.toml."),
    columns({ title: "Hand-offs, calls and tasks of each person, week by week", names: weeks, format: format.count,
      series: owners.map((owner) => ({ name: name(owner), data: weeks.map((day) => at(owner, day)?.all ?? null) })),
      table: table("Work per person and week", [left("Week of"), ...owners.map((owner) => right(name(owner)))],
        weeks.map((day) => [day, ...owners.map((owner) => (at(owner, day) ? figure(at(owner, day), "all") : "–"))])) }));
}

const TITLES = { holdout: () => "Against those held out", policy_holdout: (one) => "Without marketing messages: " + one.name, split: (one) => "Split " + one.name };

export function splits({ experiments }) {
  return section("splits", "Splits and holdout",
    report.assumed ? none("Arms are not compared in a run that assumes reactions: the comparison would say what was assumed.") :
    experiments.length === 0 ? none("This campaign splits nobody and holds nobody out, so it can't say what its messages are worth.") :
      note("Each lead counts once, in the arm that it was given, whatever came of it afterwards. An interval of a difference that holds 0 leaves open whether there is one."),
    experiments.map((one) => compared(one)));
}

function compared(one) {
  const against = one.arms.find((arm) => arm.name === one.against);
  return part(TITLES[one.kind](one),
    note("Written in ", where(one.where), ". ", one.by_account ? "Drawn for the account as a whole, whose leads are alike: intervals and p go by accounts. " : "",
      one.sample_ratio_p === null ? "" : ["Whether the arms got the shares that are written: p = ", figure(one, "sample_ratio_p", "chance"), one.sample_ratio_p < 0.001 ? ", which chance does not explain: don't trust the comparison." : ", as chance has it."]),
    table("Arms", [left("Arm"), right("Share written"), right(one.units), ...(one.by_account ? [right("accounts")] : [])],
      one.arms.map((arm) => [format.words(arm.name), figure(arm, "share", "share"), figure(arm, "assigned"), ...(one.by_account ? [figure(arm, "accounts")] : [])])),
    one.goals.map((goal) => comparedBy(goal, against)),
    one.left_out.length > 0 ? note("Left out: " + one.left_out.join(", ") + ", measured from a message, as who gets no message has no time for it.") : null);
}

function comparedBy(goal, against) {
  const heads = [left("Arm"), right("Rate"), right("Reached"), right("of"), right("Open"), right("Against " + format.words(against.name)), right("p at any look")];
  const rows = goal.arms.map((arm) => [format.words(arm.arm), arm.rate === null ? "–" : rate(arm), figure(arm, "reached"), figure(arm, "of"), figure(arm, "open"),
    arm.lift === null ? "–" : difference(arm.lift), arm.lift?.looks ? figure(arm.lift.looks, "p", "chance") : "–"]);
  const whole = table("Goal " + goal.name, heads, rows);
  const drawn = goal.arms.map((arm, i) => ({ name: format.words(arm.arm), ...arm, at: arm.rate, colour: arm.arm === "held_out" ? 7 : i % 7 })).filter((row) => row.at !== null);
  return drawn.length === 0 ? whole : intervals({ title: "Goal " + goal.name, rows: drawn, format: percent, table: whole });
}

export function breakdown(at) {
  const { breakdown } = report.review;
  if (breakdown === null) return null;
  const groups = breakdown.groups.map((group) => ({ ...group, group, own: group.campaigns[at] })).filter((group) => group.own.entered > 0);
  const goals = groups.length ? groups[0].own.goals.map((goal) => goal.name) : [];
  return section("breakdown", "By " + format.words(breakdown.by),
    note("Each lead counts in the group that it was in when it first came in."),
    table("Groups", [left("Group"), right("Came in"), right("Held out"), right("Still in it"), right("Left"), right("Messages"), right("Hand-offs")],
      groups.map(({ name, own }) => [name, figure(own, "entered"), figure(own, "held_out"), figure(own, "active"), figure(own, "exited"), figure(own, "sent"), figure(own, "handed_off")])),
    goals.map((goal, i) => {
      const rows = groups.map(({ name, own }) => [name, rate(own.goals[i].treated), figure(own.goals[i].treated, "of"), rate(own.goals[i].held_out), figure(own.goals[i].held_out, "of")]);
      const drawn = groups.map(({ name, own }) => ({ name, ...own.goals[i].treated, at: own.goals[i].treated.rate })).filter((row) => row.at !== null);
      const heads = [left("Group"), right("Rate"), right("of"), right("Held out"), right("of")];
      return drawn.length === 0 ? table("Goal " + goal, heads, rows) : intervals({ title: "Goal " + goal + ", by " + format.words(breakdown.by), rows: drawn, format: percent, table: table("Goal " + goal, heads, rows) });
    }));
}
