// Puts the page together: one campaign at a time, and what belongs to all of them.

import { appendix } from "./appendix.js";
import { drawAll, forgetAll } from "./charts.js";
import { campaigns } from "./data.js";
import { h } from "./dom.js";
import { leads } from "./leads.js";
import { contents, rules, touches } from "./messages.js";
import { chooser, flow, header, headline } from "./overview.js";
import { breakdown, splits, work } from "./people.js";
import { source, unfold } from "./source.js";
import { stages, times } from "./stages.js";

const main = document.getElementById("content");
const parts = document.getElementById("parts");

function show(at) {
  forgetAll();
  const campaign = campaigns[at];
  const own = [headline(campaign), flow(campaign), stages(campaign), times(campaign), rules(campaign), splits(campaign), breakdown(at), work(campaign)];
  const all = [touches(), contents(), leads(), source(), appendix()];
  const sections = [...own, ...all].filter((each) => each !== null);
  main.replaceChildren(...[chooser(at, show), ...sections].filter((each) => each !== null));
  parts.replaceChildren(h("ul", {}, sections.map((each) => h("li", {}, h("a", { href: "#" + each.id }, each.querySelector("h2").textContent)))));
  drawAll();
  const select = document.getElementById("campaign");
  if (select && document.activeElement === document.body && shown) select.focus();
  shown = true;
}
let shown = false;

document.getElementById("top").append(...header());
show(0);
window.addEventListener("hashchange", unfold);
unfold();
