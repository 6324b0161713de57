// Snippets that are Workers, in their real runtime.

import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folder, freePort, require, start, until } from "./readme_ground.mjs";

/** As many isolates of one Worker, with a KV namespace in common. */
export async function workers(t, file, count = 1) {
  const place = join(folder, `workerd-${count}-${Date.now()}`);
  mkdirSync(place);
  await bundle(file, place);
  copyFileSync(fileURLToPath(new URL("../worker/store.js", import.meta.url)), join(place, "store.js"));
  const ports = Array.from({ length: count }, freePort);
  writeFileSync(join(place, "config.capnp"), configuration(ports));
  const { said } = start(t, process.env.EDGELATCH_WORKERD, ["serve", join(place, "config.capnp")]);
  for (const port of ports) {
    // No request yet: it would make the isolate fetch keys.
    await until(() => connect(port), said);
  }
  return { origins: ports.map((port) => `http://127.0.0.1:${port}`), said };
}

async function connect(port) {
  const socket = createConnection(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  return true;
}

async function bundle(file, place) {
  const { errors } = await require("esbuild").build({
    entryPoints: { worker: file },
    outdir: place,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "error",
  });
  if (errors.length > 0 || !readdirSync(place).includes("core_bg.wasm")) {
    throw new Error(`the bundle of ${file} is not what a Worker needs: ${readdirSync(place)}`);
  }
}

function configuration(ports) {
  const services = ports.map((port) => `(name = "${port}", worker = .main),`);
  const sockets = ports.map((port) => `(name = "${port}", address = "127.0.0.1:${port}", http = (), service = "${port}"),`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["local"])),
    (name = "store", worker = .store),
    ${services.join("\n    ")}
  ],
  sockets = [
    ${sockets.join("\n    ")}
  ],
);

const main :Workerd.Worker = (
  compatibilityDate = "2026-11-17",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "core_bg.wasm", wasm = embed "core_bg.wasm"),
  ],
  bindings = [ (name = "EDGELATCH_STORE", kvNamespace = "store") ],
);

const store :Workerd.Worker = (
  compatibilityDate = "2026-11-17",
  modules = [ (name = "store.js", esModule = embed "store.js") ],
);
`;
}
