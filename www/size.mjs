// What a Worker that uses all of the package loads: the core, and the JavaScript around it, as brotli makes them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const { outputFiles } = await build({
  stdin: { contents: 'export * from "edgelatch";', resolveDir: here },
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: "es2022",
  conditions: ["workerd", "worker", "browser"],
  external: ["*.wasm"],
});
const javascript = compressed(outputFiles[0].contents);
const core = compressed(readFileSync(new URL("node_modules/edgelatch/dist/wasm/core_bg.wasm", import.meta.url)));
console.log(`in a Worker: ${kib(core + javascript)} KiB by brotli (core ${kib(core)}, JavaScript ${kib(javascript)})`);

function compressed(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

function kib(bytes) {
  return (bytes / 1024).toFixed(1);
}
