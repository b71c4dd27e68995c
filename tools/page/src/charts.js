// Charts by Apache ECharts, drawn as SVG so that they print sharp; each has a table that says the same.

import { BarChart, CustomChart, LineChart, SankeyChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { h } from "./dom.js";

echarts.use([BarChart, CustomChart, LineChart, SankeyChart, GridComponent, LegendComponent, MarkLineComponent,
  TooltipComponent, SVGRenderer]);

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const LIGHT = {
  paper: "#ffffff", ink: "#1c242c", quiet: "#56616d", line: "#dde2e7",
  colours: ["#3b6fb0", "#c46d2d", "#3f8f52", "#7d5fb2", "#3b8b8b", "#a9568d", "#9a7a16", "#7c8896"],
};
const DARK = {
  paper: "#13171c", ink: "#e9edf1", quiet: "#a7b2bd", line: "#333c45",
  colours: ["#72a9e6", "#e79b60", "#6cc184", "#b59be0", "#6cc0c0", "#d38abb", "#d9b857", "#98a5b3"],
};
let printing = false;
const palette = () => (dark.matches && !printing ? DARK : LIGHT);

const drawn = [];

/** What all charts have in common. */
function common(theme) {
  return {
    animation: false,
    backgroundColor: "transparent",
    color: theme.colours,
    textStyle: { fontFamily: "system-ui, sans-serif", color: theme.ink, fontSize: 12 },
    tooltip: {
      renderMode: "richText", confine: true, backgroundColor: theme.paper, borderColor: theme.line,
      textStyle: { color: theme.ink, fontSize: 12, fontFamily: "system-ui, sans-serif" },
    },
  };
}

export const axis = (theme, more = {}) => ({
  axisLine: { lineStyle: { color: theme.line } }, axisTick: { show: false },
  axisLabel: { color: theme.quiet, hideOverlap: true, ...more.axisLabel },
  splitLine: { lineStyle: { color: theme.line } },
  nameTextStyle: { color: theme.quiet }, nameLocation: "middle", nameGap: 30, ...without(more, "axisLabel"),
});

function without(object, key) {
  const { [key]: left, ...rest } = object;
  return rest;
}

/**
 * A chart, its caption, and the table that says the same. `option(theme, width)` gives the option of ECharts;
 * `says` is what is said to those who don't see it. Below a width of `least`, it is scrolled.
 */
export function chart({ title, says, height, least, option, table }) {
  const assumed = table.querySelector(".assumed") !== null;
  const plot = h("div", { class: "plot", role: "img", "aria-label": (says ?? title) + (assumed ? ", with what is assumed" : "") + ". The table below says the same.",
    style: "height:" + height + "px;min-width:" + (least ?? 0) + "px" });
  const room = least ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, plot) : plot;
  const figure = h("figure", { class: "chart" }, h("figcaption", {}, title, assumed ? h("span", { class: "hangs" }, " ~ with what is assumed") : null), room,
    h("details", {}, h("summary", {}, "As a table", h("span", { class: "unseen" }, ": " + title)), table));
  drawn.push({ plot, option, instance: null });
  return figure;
}

function draw(one, width) {
  const theme = palette();
  const size = width ?? one.plot.clientWidth;
  if (size === 0) return;
  if (!one.instance) one.instance = echarts.init(one.plot, null, { renderer: "svg", width: size });
  else one.instance.resize({ width: size });
  one.width = size;
  const option = one.option(theme, size);
  one.instance.setOption({ ...common(theme), ...option }, true);
  one.plot.drawn = option;
}

let round = 0;

/**
 * Draws all charts: at once those that are to be seen, the others one after the other, so that the page can be read and
 * used meanwhile. `data-drawn` says that it is done.
 */
export function drawAll() {
  const mine = ++round;
  delete document.documentElement.dataset.drawn;
  const near = drawn.filter((one) => one.plot.getBoundingClientRect().top < 2 * window.innerHeight);
  const rest = drawn.filter((one) => !near.includes(one));
  for (const one of near) draw(one);
  const next = () => {
    if (mine !== round) return;
    const one = rest.shift();
    if (!one) {
      document.documentElement.dataset.drawn = "all";
      return;
    }
    draw(one);
    setTimeout(next);
  };
  setTimeout(next);
}

export function forgetAll() {
  for (const one of drawn) if (one.instance) one.instance.dispose();
  drawn.length = 0;
}

let waiting = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    for (const one of drawn) if (one.plot.clientWidth !== one.width) draw(one);
  });
});
dark.addEventListener("change", drawAll);
const PRINTED = 640;
window.addEventListener("beforeprint", () => {
  printing = true;
  for (const one of drawn) draw(one, Math.min(PRINTED, one.plot.clientWidth || PRINTED));
});
window.addEventListener("afterprint", () => {
  printing = false;
  drawAll();
});

/** A text that fits; the whole one is in the table. */
export const short = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

/** A name beside its row: in two lines where one is too short, broken at a blank or behind a joint. */
function folded(name, most) {
  if (name.length <= most) return name;
  const joint = Math.max(...[...name.slice(0, most).matchAll(/[ _./,]/g)].map((found) => found.index + 1), 0);
  const at = joint > most / 3 ? joint : most;
  return name.slice(0, at).trimEnd() + "\n" + short(name.slice(at), most);
}

/** The labels of rows that have names. */
const rowLabel = (theme, width, most) => ({ color: theme.ink, lineHeight: 13, interval: 0, hideOverlap: false, formatter: (name) => folded(name, width < 500 ? 18 : most) });

/** Bars from the left, one for each name; several series are stacked. */
export function bars({ title, says, names, series, format, table, unit }) {
  return chart({
    title, says, table,
    height: 46 + 26 * names.length + (series.length > 1 ? 28 : 0),
    option: (theme, width) => ({
      grid: { left: 8, right: 56, top: series.length > 1 ? 32 : 6, bottom: 28, containLabel: true },
      legend: series.length > 1 ? { top: 0, left: 0, textStyle: { color: theme.ink }, type: "plain" } : undefined,
      xAxis: axis(theme, { type: "value", axisLabel: { formatter: format }, minInterval: unit ?? 0, splitNumber: width < 500 ? 3 : 5 }),
      yAxis: axis(theme, { type: "category", data: names, inverse: true,
        axisLabel: rowLabel(theme, width, 34) }),
      tooltip: { ...common(theme).tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: format },
      series: series.map((one, at) => ({
        type: "bar", name: one.name, data: one.data, stack: "all", barMaxWidth: 18,
        label: { show: series.length === 1, position: "right", color: theme.ink, formatter: (p) => format(p.value) },
        itemStyle: { color: one.colour === undefined ? theme.colours[at % theme.colours.length] : theme.colours[one.colour] },
      })),
    }),
  });
}

/** How many lines the names of so many series take above a chart. */
function legendRows(series, width) {
  let rows = 1, used = 0;
  for (const { name } of series) {
    const wide = 42 + 7 * name.length;
    if (used > 0 && used + wide > width) [rows, used] = [rows + 1, 0];
    used += wide;
  }
  return rows;
}

/** Standing bars over what has an order: weeks, numbers, times. `lines`: [{ name, at }] across. */
export function columns({ title, says, names, series, format, table, height = 240, axisName, lines = [], gap = "22%" }) {
  return chart({
    title, says, table, height,
    option: (theme, width) => ({
      grid: { left: 8, right: names.length > 12 ? 34 : 12, top: series.length > 1 ? 12 + 22 * legendRows(series, width) : lines.length ? 34 : 12, bottom: axisName ? 34 : 8, containLabel: true },
      legend: series.length > 1 ? { top: 0, left: 0, textStyle: { color: theme.ink }, type: "plain" } : undefined,
      xAxis: axis(theme, { type: "category", data: names, name: axisName, splitLine: { show: false },
        axisLabel: { rotate: 0, interval: "auto", formatter: (name) => short(String(name), 16) } }),
      yAxis: axis(theme, { type: "value", axisLabel: { formatter: format }, minInterval: 1, splitNumber: 4 }),
      tooltip: { ...common(theme).tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: format },
      series: series.map((one, at) => ({
        type: "bar", name: one.name, data: one.data, stack: "all", barMaxWidth: 44, barCategoryGap: gap,
        itemStyle: { color: theme.colours[(one.colour ?? at) % theme.colours.length] },
        markLine: at === 0 && lines.length ? {
          symbol: "none", silent: true, lineStyle: { color: theme.ink, type: "dashed" },
          label: { color: theme.ink, position: "insideEndTop", formatter: (p) => p.name },
          data: lines.map((line) => ({ name: line.name, yAxis: line.at })),
        } : undefined,
      })),
    }),
  });
}

/** Points with their intervals, one row each: { name, at, low, high, colour }. */
export function intervals({ title, says, rows, format, table, zero = false }) {
  return chart({
    title, says, table, height: 44 + 30 * rows.length,
    option: (theme, width) => ({
      grid: { left: 8, right: 24, top: 6, bottom: 26, containLabel: true },
      xAxis: axis(theme, { type: "value", scale: zero, axisLabel: { formatter: format }, splitNumber: width < 500 ? 3 : 5 }),
      yAxis: axis(theme, { type: "category", data: rows.map((row) => row.name), inverse: true,
        axisLabel: rowLabel(theme, width, 40) }),
      tooltip: { ...common(theme).tooltip, trigger: "item",
        formatter: (p) => rows[p.dataIndex].name + "\n" + format(rows[p.dataIndex].at) + " (" + format(rows[p.dataIndex].low) + " to " + format(rows[p.dataIndex].high) + ")" },
      series: [{
        type: "custom", clip: true, encode: { x: [1, 2, 3], y: 0 },
        data: rows.map((row, i) => [i, row.at, row.low, row.high]),
        renderItem: (params, api) => {
          const at = (value) => api.coord([value, api.value(0)]);
          const [low, y] = at(api.value(2)), [high] = at(api.value(3)), [x] = at(api.value(1));
          const colour = theme.colours[rows[params.dataIndex].colour ?? 0];
          const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 2 } });
          return { type: "group", children: [line(low, y, high, y), line(low, y - 5, low, y + 5), line(high, y - 5, high, y + 5),
            { type: "circle", shape: { cx: x, cy: y, r: 5 }, style: { fill: colour } }] };
        },
      }],
    }),
  });
}

/** Who flows where; nodes are listed from left to right. */
export function sankey({ title, says, nodes, links, format, table, height }) {
  const label = (id) => nodes.find((node) => node.id === id).label;
  return chart({
    title, says, table, height, least: 120 * Math.max(...nodes.map((node) => node.depth)) + 200,
    option: (theme) => ({
      tooltip: { ...common(theme).tooltip, trigger: "item",
        formatter: (p) => (p.dataType === "edge" ? label(p.data.source) + " → " + label(p.data.target) : label(p.name)) + ": " + format(p.value) },
      series: [{
        type: "sankey", left: 4, right: 150, top: 12, bottom: 8, nodeAlign: "left", nodeGap: 14, nodeWidth: 12, draggable: false, layoutIterations: 32,
        emphasis: { focus: "adjacency" },
        data: nodes.map((node) => ({ name: node.id, depth: node.depth, itemStyle: { color: theme.colours[node.colour % theme.colours.length] } })),
        links: links.map((link) => ({ source: link.source, target: link.target, value: link.value })),
        lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
        label: { color: theme.ink, fontSize: 12, textBorderColor: theme.paper, textBorderWidth: 3, position: "right", formatter: (p) => short(label(p.name), 22) },
      }],
    }),
  });
}

/** Where the middle half and the middle four fifths lie: { name, p10, p25, p50, p75, p90 }. */
export function spreads({ title, says, rows, format, table }) {
  return chart({
    title, says, table, height: 44 + 30 * rows.length,
    option: (theme, width) => ({
      grid: { left: 8, right: 24, top: 6, bottom: 26, containLabel: true },
      xAxis: axis(theme, { type: "value", min: 0, axisLabel: { formatter: format }, ...ticks(Math.max(...rows.map((row) => row.p90)), width < 500 ? 3 : 6) }),
      yAxis: axis(theme, { type: "category", data: rows.map((row) => row.name), inverse: true,
        axisLabel: rowLabel(theme, width, 34) }),
      tooltip: { ...common(theme).tooltip, trigger: "item", formatter: (p) => {
        const row = rows[p.dataIndex];
        return row.name + "\nhalf within " + format(row.p50) + "\n10 % within " + format(row.p10) + ", 90 % within " + format(row.p90);
      } },
      series: [{
        type: "custom", encode: { x: [1, 2, 3, 4, 5], y: 0 },
        data: rows.map((row, i) => [i, row.p10, row.p25, row.p50, row.p75, row.p90]),
        renderItem: (params, api) => {
          const [p10, p25, p50, p75, p90] = [1, 2, 3, 4, 5].map((i) => api.coord([api.value(i), api.value(0)])[0]);
          const y = api.coord([0, api.value(0)])[1];
          const colour = theme.colours[rows[params.dataIndex].colour ?? 0];
          const bar = (from, to, size, opacity) => ({ type: "rect", shape: { x: from, y: y - size / 2, width: Math.max(to - from, 1), height: size, r: 2 }, style: { fill: colour, opacity } });
          return { type: "group", children: [bar(p10, p90, 6, 0.35), bar(p25, p75, 14, 0.55),
            { type: "rect", shape: { x: p50 - 1.5, y: y - 10, width: 3, height: 20 }, style: { fill: theme.ink } }] };
        },
      }],
    }),
  });
}

/** Ticks at whole minutes, hours, days or weeks, so that no axis says 2 days 7 h. */
function ticks(most, about) {
  const SIZES = [1e6, 10e6, 60e6, 300e6, 900e6, 3600e6, 3 * 3600e6, 6 * 3600e6, 12 * 3600e6,
    ...[1, 2, 5, 7, 14, 28, 56, 112, 364].map((days) => days * 86400e6)];
  const interval = SIZES.find((size) => most / size <= about) ?? SIZES.at(-1);
  return { interval, max: Math.max(Math.ceil(most / interval), 1) * interval };
}
