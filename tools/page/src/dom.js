// Elements are made one by one, and texts become text nodes: what stands in a log or a programme is never read as HTML.

import { isAssumed, pathOf } from "./data.js";
import * as format from "./format.js";

/** h("p", { class: "note" }, "text", element, …); children that are null or false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * The value `owner[key]` of the document in words. `how` names a function of format.js. What hangs on assumptions gets its
 * mark by the style.
 */
export function figure(owner, key, how = "count") {
  const path = pathOf(owner, key);
  return h("span", { class: isAssumed(path) ? "value assumed" : "value", "data-path": path, "data-how": how }, format[how](owner[key]));
}

/** A rate with its interval: 12.3 % (11.8 – 12.9 %). */
export function rate(owner, key = "rate") {
  if (owner[key] === null) return h("span", {}, "–");
  return h("span", { class: "rate" }, figure(owner, key, "share"), " ",
    h("span", { class: "interval" }, "(", figure(owner, "low", "share"), " to ", figure(owner, "high", "share"), ")"));
}

export function difference(owner) {
  if (owner === null || owner.difference === null) return h("span", {}, "–");
  return h("span", { class: "rate" }, figure(owner, "difference", "points"), " ",
    h("span", { class: "interval" }, "(", figure(owner, "low", "points"), " to ", figure(owner, "high", "points"), ")"));
}

let tables = 0;

/** columns: [{ head, left }], rows: arrays of cells; the first cell of a row is its heading. */
export function table(caption, columns, rows) {
  const id = "table-" + ++tables;
  const cell = (content, column, at) =>
    h(at === 0 ? "th" : "td", { scope: at === 0 ? "row" : null, class: columns[column].left ? "left" : null }, content);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": id },
    h("table", {},
      h("caption", { id }, h("span", {}, caption)),
      h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.left ? "left" : null }, column.head)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((content, at) => cell(content, at, at)))))));
}

export const left = (head) => ({ head, left: true });
export const right = (head) => ({ head });
export const note = (...content) => h("p", { class: "note" }, ...content);
export const none = (text) => h("p", { class: "none" }, text);

let headings = 0;

/** A part of the page with its heading. */
export function section(id, title, ...content) {
  return h("section", { id, "aria-labelledby": id + "-title" }, h("h2", { id: id + "-title" }, title), ...content);
}
export function part(title, ...content) {
  const id = "part-" + ++headings;
  return h("div", { class: "part", role: "group", "aria-labelledby": id }, h("h3", { id }, title), ...content);
}
