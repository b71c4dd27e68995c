// Reads every flow chart named on the command line with Mermaid itself, and says which do not parse.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid cleans labels with what only a browser has.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

let faults = 0;
for (const path of process.argv.slice(2)) {
  try {
    const found = await mermaid.parse(readFileSync(path, "utf8"));
    if (!found || !found.diagramType.startsWith("flowchart")) throw new Error("no flow chart");
  } catch (error) {
    console.log(`${path}: ${error.message}`);
    faults += 1;
  }
}
process.exit(faults ? 1 : 0);
