// Stages: how many were in each, which way they took, how long they stayed; and how long goals took.

import { bars, columns, sankey, spreads } from "./charts.js";
import { figure, h, left, none, note, part, rate, right, section, table } from "./dom.js";
import * as format from "./format.js";

export function stages({ review }) {
  if (review.stages.length === 0) return null;
  return section("stages", "Stages", funnel(review), paths(review));
}

function funnel(review) {
  const rows = review.stages.map((stage) => [stage.name, figure(stage, "memberships"), rate(stage.share), figure(stage, "returns"), figure(stage, "entries"), figure(stage, "active")]);
  const names = review.stages.map((stage) => stage.name);
  const series = [{ name: "memberships that were in it", data: review.stages.map((stage) => stage.memberships), colour: 0 }];
  if (review.stages.some((stage) => stage.returns > 0)) series.push({ name: "returns", data: review.stages.map((stage) => stage.returns), colour: 1 });
  return part("Funnel", note("How many of those in the campaign were ever in each stage, in the order in which they are written. A return is a further visit of the same membership."),
    bars({ title: "Memberships by stage", names, series, format: format.count,
      table: table("Stages", [left("Stage"), right("Memberships"), right("Share of all"), right("Returns"), right("Visits"), right("In it now")], rows) }));
}

const END = { exit: (step) => "left: " + format.words(step.name), inside: () => "still in it", further: () => "further stages" };

/** Each visit is a column; a stage that one comes back to stands there again. */
function paths(review) {
  if (review.paths.length === 0) return null;
  const order = new Map(review.stages.map((stage, i) => [stage.name, i]));
  const nodes = new Map();
  const deepest = Math.max(...review.paths.map((step) => step.visit)) + 1;
  const node = (id, label, depth, colour) => (nodes.has(id) || nodes.set(id, { id, label, depth, colour }), id);
  const visited = (visit, stage) => node(visit + "·" + stage, stage, visit, order.get(stage) % 7);
  const links = review.paths.map((step) => {
    const source = step.from === null ? node("entry", "came in", 0, 2) : visited(step.visit, step.from);
    const target = step.to === "stage" ? visited(step.visit + 1, step.name) : node("end·" + step.to + "·" + step.name, END[step.to](step), deepest, 7);
    return { source, target, value: step.count, step };
  });
  const rows = links.map(({ source, target, step }) => [
    figure(step, "visit"), nodes.get(source).label, nodes.get(target).label, figure(step, "count")]);
  return part("Ways through the stages", note("From left to right: the first stage, the second, and so on. Who comes back to a stage stands in it again further right."),
    sankey({ title: "Ways through the stages", nodes: [...nodes.values()], links, format: format.count,
      height: Math.max(260, 34 * review.stages.length + 24 * [...nodes.keys()].filter((id) => id.startsWith("end·")).length + 60),
      table: table("Ways through the stages", [left("Visit"), left("From"), left("To"), right("Memberships")], rows) }));
}

const COLUMNS = [left("What"), right("How many"), right("10 % within"), right("25 %"), right("Half"), right("75 %"), right("90 %"), right("95 %")];
const row = (name, d) => [name, figure(d, "count"), ...["p10_us", "p25_us", "median_us", "p75_us", "p90_us", "p95_us"].map((key) => figure(d, key, "duration"))];

export function times({ review }) {
  const some = (list) => list.filter(([, d]) => d.count > 0);
  const stays = some([...review.stages.map((stage) => [stage.name, stage.time]), ["the whole stay", review.stay]]);
  const goals = some(review.goals.flatMap((goal) => [[goal.name, goal.time], [goal.name + ", held out", goal.time_held_out]]));
  const response = some([["from hand-off to answer", review.response]]);
  return section("times", "How long it takes",
    block("Time in stage", "Of those who left it again.", stays),
    block("Time to goal", "Of those who reached it.", goals),
    block("Until sales answers", "Of the hand-offs that were answered.", response));
}

function block(title, says, list) {
  if (list.length === 0) return part(title, none("There is nothing to show: it never happened."));
  const rows = list.map(([name, d], i) => ({ name, p10: d.p10_us, p25: d.p25_us, p50: d.median_us, p75: d.p75_us, p90: d.p90_us, colour: i % 7 }));
  return part(title, note(says + " The line is the middle one, the thick bar the middle half, the thin bar the middle four fifths."),
    spreads({ title: title + ": how it is spread", rows, format: format.duration, table: table(title, COLUMNS, list.map(([name, d]) => row(name, d))) }),
    h("div", { class: "small-charts" }, list.map(([name, d]) => histogram(name, d))));
}

function histogram(name, d) {
  const from = (i) => format.duration(i * d.width_us);
  const names = d.parts.map((_, i) => from(i)).concat(d.longer > 0 ? ["longer"] : []);
  const heads = d.parts.map((_, i) => from(i) + " to " + from(i + 1)).concat(d.longer > 0 ? [from(d.parts.length) + " or longer"] : []);
  const cells = d.parts.map((_, i) => figure(d.parts, i)).concat(d.longer > 0 ? [figure(d, "longer")] : []);
  return columns({ title: name, says: "How long: " + name, names, height: 150, gap: "8%", format: format.count,
    series: [{ name, data: d.parts.concat(d.longer > 0 ? [d.longer] : []) }],
    table: table(name, [left("Took"), right("How many")], heads.map((head, i) => [head, cells[i]])) });
}
