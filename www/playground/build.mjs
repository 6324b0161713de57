// Bundles the page: node build.mjs PACKAGE OUT. PACKAGE is the npm package `edgelatch`, unpacked.

import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [packageFolder, out] = process.argv.slice(2).map((path) => resolve(path));
if (out === undefined) {
  console.error("usage: node build.mjs PACKAGE OUT, where PACKAGE is the folder of the unpacked npm package");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
await mkdir(out, { recursive: true });
const shared = { bundle: true, target: ["es2022"], minify: true, legalComments: "none", logLevel: "warning" };
await build({
  ...shared,
  entryPoints: [join(here, "main.ts")],
  outfile: join(out, "main.js"),
  // One plain script, so that the page also opens as a file: browsers load no modules from there.
  format: "iife",
  platform: "browser",
  conditions: ["browser"],
  // The package as it is shipped, not its sources, to which tsconfig.json points for the types.
  alias: { edgelatch: packageFolder },
  tsconfigRaw: {},
});
// Browsers as old as those that have all of the script.
await build({ ...shared, entryPoints: [join(here, "style.css")], outfile: join(out, "style.css"), target: ["chrome111", "firefox113", "safari16.4"] });
for (const name of ["index.html", "icon.svg"]) await copyFile(join(here, name), join(out, name));
