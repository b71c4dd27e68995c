// Writes the page as one file: script, style and the Content-Security-Policy that allows this script and no other.
// What stays to be filled in, by the command, is the title and the data.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));
const target = ["chrome100", "firefox100", "safari15.4"];

async function bundled(entry, options) {
  const result = await build({
    absWorkingDir: folder, entryPoints: [entry], bundle: true, minify: true, write: false, target,
    legalComments: "none", charset: "ascii", logLevel: "warning", ...options,
  });
  return result.outputFiles[0].text.trim();
}

const license = "/*! Draws with Apache ECharts (echarts.apache.org), Apache License 2.0, and zrender, BSD 3-Clause. */\n";
const script = (license + await bundled("src/main.js", { format: "iife", define: { "process.env.NODE_ENV": '"production"' } }))
  .replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const style = await bundled("page.css", {});
const hash = "sha256-" + createHash("sha256").update(script, "utf8").digest("base64");

// Functions, as a "$" in what is put in would otherwise be read as a pattern.
const page = readFileSync(join(folder, "page.html"), "utf8")
  .replace("@@SCRIPT_HASH@@", () => hash)
  .replace("@@STYLE@@", () => style)
  .replace("@@SCRIPT@@", () => script);
writeFileSync(process.argv[2], page);
