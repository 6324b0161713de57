// Opens a page with a bundled job in Chromium, gives it the standard input, and prints what it says:
// node chromium.mjs BUNDLE NODE_MODULES

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import process from "node:process";
import { text } from "node:stream/consumers";

const [bundle, modules] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const input = await text(process.stdin);

const server = createServer(answer).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const browser = await chromium.launch({ executablePath: process.env.EDGELATCH_CHROMIUM ?? "/usr/bin/chromium", args: flags() });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(180_000);
  page.on("pageerror", (error) => process.stderr.write(`${error.stack ?? error}\n`));
  // On loopback, since a page from a file has no WebCrypto.
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.job);
  process.stdout.write(await page.evaluate((given) => globalThis.job(given), input));
} finally {
  await browser.close();
  server.close();
}

function answer(request, response) {
  if (request.url === "/job.js") {
    response.writeHead(200, { "content-type": "text/javascript" }).end(readFileSync(bundle));
    return;
  }
  // The strictest policy under which the package works.
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
  response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy });
  response.end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/job.js"></script>');
}

/** As root there is no sandbox; the rest keeps the browser itself from calling home. */
function flags() {
  return [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ];
}
