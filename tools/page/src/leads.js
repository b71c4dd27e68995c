// The lead browser: whose story is told, and the story.

import { report } from "./data.js";
import { figure, h, left, note, section, table, none } from "./dom.js";
import * as format from "./format.js";
import { where } from "./source.js";

const { told } = report.leads;

export function leads() {
  const search = h("input", { type: "search", id: "lead-search", placeholder: "key, reason, content …", autocomplete: "off" });
  const select = h("select", { id: "lead", size: Math.min(told.length, 12), "aria-describedby": "lead-count" });
  const found = h("p", { id: "lead-count", class: "note", role: "status" });
  const story = h("article", { id: "story", "aria-live": "polite", "aria-label": "The lead's story" });
  const haystack = told.map((one) => JSON.stringify(one).toLowerCase());
  const show = () => story.replaceChildren(...(select.value === "" ? [none("No lead fits.")] : tell(told[Number(select.value)])));
  const fill = () => {
    const wanted = search.value.trim().toLowerCase();
    const fits = told.map((_, i) => i).filter((i) => haystack[i].includes(wanted));
    select.replaceChildren(...fits.map((i) => h("option", { value: i }, told[i].key + (told[i].because.length ? " – " + told[i].because[0] : ""))));
    found.textContent = fits.length + " of " + told.length + " leads";
    if (fits.length) select.value = fits[0];
    show();
  };
  search.addEventListener("input", fill);
  select.addEventListener("change", show);
  if (told.length > 0) fill();
  return section("leads", "Leads and their stories",
    note("Of each way in which memberships ended, up to eight leads whose keys have the smallest hashes: the same ones every time, and nobody picked them. Sixty at most, and those asked for with --lead. ",
      "For anybody else, ", h("code", {}, "nurture explain --lead"), " tells the same story."),
    report.leads.left_out > 0 ? note(figure(report.leads, "left_out"), " of the sample are left out, as their stories are long.") : null,
    told.length === 0 ? none("Nobody came near a campaign, so there is no story to tell.") :
      h("div", { class: "browser" },
        h("div", { class: "choose" }, h("label", { for: "lead-search" }, "Search in the stories"), search, h("label", { for: "lead" }, "Lead"), select, found), story));
}

function tell({ key, because, asked_for: asked, story }) {
  return [
    h("h3", {}, key),
    note(asked ? "Asked for with --lead. " : "", because.length ? "In the sample for: " + because.join("; ") + ". " : "", "Time zone " + story.zone + "."),
    Object.keys(story.attributes).length ? h("dl", { class: "attributes" }, Object.entries(story.attributes).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))) : null,
    story.assumed ? note(story.assumed.since === null ? "Nothing here hangs on what is assumed." : "All from " + format.instant(story.assumed.since) + " on hangs on what is assumed; before that it is history.") : null,
    stays(story), notSent(story), timeline(story),
  ].filter((each) => each !== null);
}

const clock = (at) => at.slice(0, 10) + " " + at.slice(11, 16);

function stays(story) {
  const row = (stay) => stay.entered
    ? [stay.campaign + (stay.held_out ? " (held out)" : ""), clock(stay.from), stay.active ? "still in " + (stay.stage || "it") : clock(stay.to) + " as " + stay.reason, String(stay.messages)]
    : [stay.campaign, "never", stay.turned_away > 0 ? "turned away: " + stay.turned_away_why : "–", "0"];
  return table("In campaigns (times in UTC)", [left("Campaign"), left("Came in"), left("Left"), left("Messages")], story.stays.map(row));
}

function notSent(story) {
  if (story.not_sent.length === 0) return null;
  return table("Messages held back (times in UTC)", [left("Asked"), left("Content"), left("Why"), left("What became of it"), left("Written in")],
    story.not_sent.map((row) => [clock(row.at), row.content, row.why, row.became, where(row.where)]));
}

const TITLES = { beginning: "The lead began", timer: "A time came", horizon: "The log ends" };

function timeline(story) {
  const steps = story.steps.filter((step) => step.lines.length > 0 || step.what !== "event");
  const quiet = story.steps.length - steps.length;
  return h("div", {}, h("h4", {}, "What happened, on the lead's clock"),
    h("ol", { class: "timeline" }, steps.map((step) => h("li", {},
      h("p", { class: "when" }, h("time", { datetime: step.at }, clock(step.local)), " ", h("strong", {}, step.event ?? TITLES[step.what] ?? step.what), step.assumed ? h("span", { class: "hangs" }, " (assumed)") : null, properties(step)),
      h("ul", {}, step.lines.map((line) => h("li", { class: line.done ? "done" : "not-done" },
        h("span", { class: "unseen" }, line.done ? "Done: " : "Not done: "), line.campaign ? line.campaign + ": " : "", line.text, " ",
        line.rule ? h("span", { class: "rule" }, line.rule) : null, " ", line.where ? where(line.where) : null)))))),
    quiet > 0 ? note(format.count(quiet) + (quiet === 1 ? " event" : " events") + " to which no campaign listened are left out here.") : null);
}

function properties(step) {
  const known = Object.entries(step.properties ?? {});
  return known.length ? h("span", { class: "properties" }, " " + known.map(([name, value]) => name + " " + value).join(", ")) : null;
}
