// The programme's own source with how often each line ran, and links into it.

import { report } from "./data.js";
import { figure, h, note, section } from "./dom.js";

const anchor = (file, line) => "line-" + file + "-" + line;

/** A place such as "welcome.nurture:12" as a link to that line, where it is one of the programme's own files. */
export function where(place) {
  if (!place) return "–";
  const colon = place.lastIndexOf(":");
  const file = report.sources.findIndex((source) => source.path === place.slice(0, colon));
  if (file < 0) return h("code", {}, place);
  return h("a", { href: "#" + anchor(file, place.slice(colon + 1)), class: "place" }, place.slice(place.lastIndexOf("/", colon) + 1));
}

export function source() {
  return section("source", "The source, with how often each line ran",
    note("Statements count how often they were reached; campaigns, stages and entries who came in; goals who reached them; rules what they held back. Lines without a number only declare something."),
    report.sources.map((source, file) => {
      const counts = new Map(source.counts.map((row) => [row.line, row]));
      return h("details", { class: "source", open: report.sources.length === 1 || file === 0 }, h("summary", {}, source.path),
        h("div", { class: "scroll code", tabindex: "0", role: "region", "aria-label": "Source of " + source.path },
          h("table", {}, h("caption", { class: "unseen" }, source.path),
            h("thead", { class: "unseen" }, h("tr", {}, h("th", { scope: "col" }, "Count"), h("th", { scope: "col" }, "Line"), h("th", { scope: "col" }, "Source"))),
            h("tbody", {}, source.lines.map((line, i) => row(file, i + 1, line, counts.get(i + 1)))))));
    }));
}

function row(file, number, line, counted) {
  return h("tr", { id: anchor(file, number), tabindex: "-1", class: counted ? (counted.count === 0 ? "never" : "ran") : null },
    h("td", { class: "count" }, counted ? [figure(counted, "count"), h("span", { class: "what" }, " " + counted.what)] : ""),
    h("th", { scope: "row" }, number), h("td", { class: "line" }, line || "\u00a0"));
}

/** A link into a file that is folded up unfolds it. */
export function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target || !location.hash.startsWith("#line-")) return;
  target.closest("details").open = true;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}
