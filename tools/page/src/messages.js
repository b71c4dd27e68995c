// Messages: how many a lead gets, what people did with each, and what rules held back.

import { bars, columns, intervals } from "./charts.js";
import { report } from "./data.js";
import { figure, h, left, none, note, part, rate, right, section, table } from "./dom.js";
import * as format from "./format.js";
import { where } from "./source.js";

export function touches() {
  const { touches } = report.review;
  const totals = report.simulation.totals;
  if (touches.per_lead.length === 0) return section("touches", "Messages per lead", none("No message was sent."));
  return section("touches", "Messages per lead",
    h("p", {}, figure(touches, "leads_sent"), " leads got at least one message. The most that one lead got in a week are ",
      figure(totals.busiest, "sends"), ", in the week of ", figure(totals.busiest, "week_of", "day"), "."),
    h("div", { class: "pair" },
      columns({ title: "Messages per lead, in all", names: touches.per_lead.map((row) => row.messages), format: format.count,
        axisName: "messages", series: [{ name: "leads", data: touches.per_lead.map((row) => row.leads) }],
        table: table("Messages per lead", [left("Messages"), right("Leads")], touches.per_lead.map((row) => [figure(row, "messages"), figure(row, "leads")])) }),
      columns({ title: "Messages per lead and week", names: touches.per_week.map((row) => row.messages), format: format.count,
        axisName: "messages in a week in which there were any", series: [{ name: "weeks of leads", data: touches.per_week.map((row) => row.weeks), colour: 4 }],
        table: table("Messages per lead and week", [left("Messages"), right("Weeks of leads")], touches.per_week.map((row) => [figure(row, "messages"), figure(row, "weeks")])) })),
    limits(touches.limits), perWeek());
}

function limits(rows) {
  if (rows.length === 0) return part("Against the limits", note("No policy or campaign limits how many messages a lead gets in a time: nothing but the campaigns themselves does."));
  return part("Against the limits", note("The most that one lead got within the time of each limit, marketing messages only; how many leads came up to it; and how often it held a message back."),
    table("Limits", [left("Limit"), left("Of"), left("Written in"), right("Allowed"), right("Most"), right("Leads at it"), right("Held back")],
      rows.map((row) => [h("code", {}, row.rule), row.owner, where(row.where), figure(row, "allowed"), figure(row, "most"), figure(row, "leads_at"), figure(row, "held_back")])));
}

function perWeek() {
  const { weeks } = report.simulation;
  const channels = weeks.length ? Object.keys(weeks[0].sends) : [];
  if (channels.length === 0) return null;
  return part("Messages per week", columns({ title: "Messages sent in each week, by channel", names: weeks.map((week) => week.week_of), format: format.count,
    series: channels.map((name) => ({ name, data: weeks.map((week) => week.sends[name]) })),
    table: table("Messages per week", [left("Week of"), ...channels.map(right)], weeks.map((week) => [figure(week, "week_of", "day"), ...channels.map((name) => figure(week.sends, name))])) }));
}

export function contents() {
  const rows = report.review.contents.filter((content) => content.sent > 0);
  if (rows.length === 0) return section("contents", "Content", none("No message was sent."));
  const kinds = [...new Set(rows.flatMap((content) => content.reactions.map((reaction) => reaction.event)))];
  const of = (content, kind) => content.reactions.find((reaction) => reaction.event === kind);
  const cells = (content) => kinds.flatMap((kind) => {
    const reaction = of(content, kind);
    return reaction ? [figure(reaction.leads, "part"), rate(reaction.leads), figure(reaction, "machine")] : ["–", "–", "–"];
  });
  const heads = [left("Content"), left("Channel"), right("Sent"), right("Leads"), ...kinds.flatMap((kind) => [right(kind), right("rate"), right("by machines")])];
  const whole = table("Content", heads, rows.map((content) => [content.name, content.channel, figure(content, "sent"), figure(content, "leads"), ...cells(content)]));
  return section("contents", "Content",
    note("What people did with each message, after it was sent to them: leads who did so at least once, as a share of those who got it. What robots opened or clicked is counted apart, and in no rate."),
    bars({ title: "Messages sent", names: rows.map((content) => content.name), series: [{ name: "sent", data: rows.map((content) => content.sent) }], format: format.count, table: whole }),
    kinds.map((kind, i) => {
      const drawn = rows.filter((content) => of(content, kind)).map((content) => ({ name: content.name, ...of(content, kind).leads, at: of(content, kind).leads.rate, colour: i % 7 }));
      return intervals({ title: kind + ": share of the leads who got it", rows: drawn, format: (x) => Math.round(1000 * x) / 10 + " %",
        table: table(kind, [left("Content"), right("Leads"), right("of"), right("Rate"), right("Events"), right("By machines")],
          rows.filter((content) => of(content, kind)).map((content) => { const reaction = of(content, kind);
            return [content.name, figure(reaction.leads, "part"), figure(reaction.leads, "of"), rate(reaction.leads), figure(reaction, "events"), figure(reaction, "machine")]; })) });
    }));
}

const EFFECTS = [["deferred", "deferred"], ["suppressed", "suppressed"], ["skipped", "skipped"], ["gave_up", "gave up"], ["work", "work not given"]];

export function rules({ summary }) {
  const { rules, messages } = summary;
  const name = (rule) => (rule.rule === "" ? "with sales" : rule.rule);
  return section("rules", "What rules held back",
    rules.length === 0 ? none("No rule held anything back.") : [
      note("Deferred messages went out later, or were given up. A rule that never held anything back is not listed."),
      bars({ title: "Messages and work that each rule held back", names: rules.map(name), format: format.count,
        series: EFFECTS.filter(([key]) => rules.some((rule) => rule[key] > 0)).map(([key, title]) => ({ name: title, data: rules.map((rule) => rule[key]) })),
        table: table("Rules", [left("Rule"), left("Of"), left("Written in"), ...EFFECTS.map(([, title]) => right(title)), right("Leads")],
          rules.map((rule) => [h("code", {}, name(rule)), rule.owner || "the sales hold", where(rule.where), ...EFFECTS.map(([key]) => figure(rule, key)), figure(rule, "leads")])) })],
    part("What became of each message", messages.length === 0 ? none("This campaign sends no messages.") : table("Messages", [left("Content"), right("Asked"), right("Sent"), right("Sent later"), right("Suppressed"), right("Skipped"), right("Gave up"), right("Nothing left"), right("Cancelled"), right("Waiting")],
      messages.map((row) => [row.content, figure(row, "asked"), ...["sent", "sent_later", "suppressed", "skipped", "gave_up", "exhausted", "cancelled", "pending"].map((end) => figure(row.ends[end], "count"))]))));
}
