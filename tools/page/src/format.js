// Figures, shares and times as people read them; the same words as the command's own text.

const grouped = new Intl.NumberFormat("en-GB");

export const count = (n) => (n === null ? "–" : grouped.format(n));
/** Small ones with another digit, as half of one per cent is much of one. */
export const share = (x) => (x === null ? "–" : (100 * x).toFixed(x < 0.1 && x > 0 ? 2 : 1) + " %");
export const points = (x) => (x === null ? "–" : (x > 0 ? "+" : x < 0 ? "−" : "±") + Math.abs(100 * x).toFixed(Math.abs(x) < 0.01 ? 3 : 2) + " points");
export const chance = (p) => (p === null ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3));
export const text = (t) => (t === null ? "–" : String(t));

const UNITS = [["day", 86400e6], ["h", 3600e6], ["min", 60e6], ["s", 1e6]];

/** "2 days 3 h": two units at most, rounded to the smaller. */
export function duration(us) {
  if (us === null) return "–";
  let first = UNITS.findIndex(([, size]) => us >= size);
  if (first < 0) return "0 s";
  let smaller = UNITS[Math.min(first + 1, UNITS.length - 1)][1];
  const rounded = Math.round(us / smaller) * smaller;
  first = UNITS.findIndex(([, size]) => rounded >= size);
  const unit = (at, n) => (at === 0 ? n + (n === 1 ? " day" : " days") : n + " " + UNITS[at][0]);
  const whole = Math.floor(rounded / UNITS[first][1]);
  const rest = rounded - whole * UNITS[first][1];
  const left = first + 1 < UNITS.length ? Math.round(rest / UNITS[first + 1][1]) : 0;
  return unit(first, whole) + (left > 0 ? " " + unit(first + 1, left) : "");
}

/** An instant of the document in its own words: "2026-03-05 10:00 UTC". */
export function instant(at) {
  return at === null ? "–" : at.slice(0, 16).replace("T", " ") + " UTC";
}
export const day = (date) => (date === null ? "–" : date);
export const words = (name) => name.replaceAll("_", " ");
