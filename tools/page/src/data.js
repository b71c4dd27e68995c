// The document of the report, and where in it each value stands: every number on the page says so (data-path), so that
// it can be checked against `nurture report --format json`. Places are JSON pointers (RFC 6901).

export const report = JSON.parse(document.getElementById("data").textContent);

const paths = new WeakMap();

const escaped = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");

function note(value, path) {
  if (value === null || typeof value !== "object") return;
  paths.set(value, path);
  for (const key of Object.keys(value)) note(value[key], path + "/" + escaped(key));
}
for (const part of ["about", "log", "simulation", "experiments", "review", "capacity"]) note(report[part], "/" + part);
report.sources.forEach((source, i) => note(source.counts, "/sources/" + i + "/counts"));
paths.set(report.leads, "/leads");

/** Where `owner[key]` stands in the document. */
export function pathOf(owner, key) {
  const path = paths.get(owner);
  return path === undefined ? null : path + "/" + escaped(String(key));
}

/** Figures that hang on what the run assumed, by their place. */
const hanging = new Set(report.assumed?.figures.map((figure) => figure.at));
export const isAssumed = (path) => hanging.has(path);

export const campaigns = report.simulation.campaigns.map((summary, i) => ({
  summary,
  review: report.review.campaigns[i],
  flow: report.flows.find((flow) => flow.name === summary.name),
  experiments: report.experiments.filter((one) => one.campaign === summary.name && one.arms.some((arm) => arm.assigned > 0)),
}));
