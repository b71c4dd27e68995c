// Where all of it comes from: the log, what was not read of it, versions, and the command.

import { report } from "./data.js";
import { figure, h, left, note, part, right, section, table } from "./dom.js";

const LOG = [["files", "files"], ["bytes", "bytes, uncompressed"], ["read", "rows read"], ["applied", "applied"], ["no_interest", "of no interest to the programme"], ["repeated", "repeats of an id at the same instant"],
  ["superseded", "actions of campaigns that this run executes"], ["rejected", "rejected"], ["exact_repeats", "applied, though they repeat another exactly"], ["outside_choice", "values outside their choice, read as unknown"],
  ["ties", "at the instant of the lead's event before"], ["out_of_order", "earlier than the lead's row before"], ["leads_in_log", "leads with events"], ["leads_in_table", "leads in the table"], ["leads_without_zone", "leads without a time zone: the programme's is used"]];

export function appendix() {
  const { log, about, simulation } = report;
  const { run, totals } = simulation;
  const counts = (title, head, owner) => (Object.keys(owner).length === 0 ? null : table(title, [left(head), right("Rows")], Object.keys(owner).map((key) => [key, figure(owner, key)])));
  return section("appendix", "Where this comes from",
    part("The log", note("Rows read = applied + of no interest + repeats + superseded + rejected."), table("The log", [left("What"), right("How many")], LOG.map(([key, name]) => [name, figure(log, key)])),
      counts("Rejected, by reason", "Reason", log.rejected_by), counts("Applied, by kind of event", "Kind", log.applied_by), counts("Of no interest, by kind of event", "Kind", log.no_interest_by)),
    claims(simulation.properties), assumptions(simulation.assumed_events),
    part("The run", h("dl", { class: "facts" }, fact("nurture", figure(about, "version", "text")), fact("Time-zone data", figure(run, "tzdata", "text")), fact("Time zone of the programme", figure(run, "timezone", "text")),
      report.assumed ? fact("Assumed", report.assumed.scenario) : null, fact("Seed of splits and holdouts", h("code", {}, figure(run, "seed", "text"))), fact("First event", figure(run, "first", "instant")), fact("Last event", figure(run, "last", "instant")), fact("Ends at", figure(run, "horizon", "instant")),
      fact("Reactions to content never sent", figure(totals, "orphan_reactions")), fact("Leads with sales at the end", figure(totals.sales_holds, "with_sales_at_end"))),
      h("p", {}, "The same report comes from:"), h("pre", { tabindex: "0" }, figure(about, "command", "text")), note("Everything on this page, as data: the same command with --format json.")));
}

/** What happened to people that no log holds. */
function assumptions(events) {
  if (!report.assumed) return null;
  return part("What was assumed", note(report.assumed.scenario, ": reactions to what this run sent and handed off, drawn one by one. The same seed draws the same."),
    events ? table("Assumed events", [left("Event"), right("How often")], Object.keys(events).map((name) => [name, figure(events, name)])) : note("Nothing came of it in this run."));
}

function claims(properties) {
  if (properties.length === 0) return null;
  return part("What is claimed of every lead", table("Properties", [left("Property"), left("Claim"), left("Verdict"), right("Violations"), right("Leads"), right("Open")],
    properties.map((row) => [row.name, row.claim, figure(row, "verdict", "text"), figure(row, "violations"), figure(row, "leads"), figure(row, "open")])));
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
