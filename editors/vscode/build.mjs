// Make one file of the extension and what it uses, and beside it the licences of what is in that file.

import * as fs from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";

const { metafile } = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  external: ["vscode"],
  legalComments: "none",
  metafile: true,
});

const packages = new Set();
for (const file of Object.keys(metafile.inputs)) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  if (found) {
    packages.add(found[1]);
  }
}
const notices = [...packages].sort().map((folder) => {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf-8"));
  const licence = fs.readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (!licence) {
    throw new Error(`${name} has no licence`);
  }
  return `${name} ${version}\n\n${fs.readFileSync(path.join(folder, licence), "utf-8").trim()}\n`;
});
fs.writeFileSync("dist/NOTICES.txt", notices.join(`\n${"-".repeat(80)}\n\n`));
