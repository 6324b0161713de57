// The built page in Debian's Chromium, served from loopback, and everything it does that nobody asked for.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const FOLDER = process.env.EDGELATCH_PLAYGROUND ?? join(ROOT, "dist/playground");
const CHROMIUM = process.env.EDGELATCH_CHROMIUM ?? "/usr/bin/chromium";

/** The files that the page is made of, and may ask for. */
export const FILES = ["/", "/icon.svg", "/main.js", "/style.css"];

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** A browser and a server, which notes what arrives; `open` gives a page with nothing remembered. */
export async function withBrowser(work) {
  for (const [path, advice] of [
    [join(FOLDER, "index.html"), "run `cargo xtask build`"],
    [CHROMIUM, "install Debian's chromium, or say by EDGELATCH_CHROMIUM where one is"],
  ]) {
    assert.ok(existsSync(path), `${path} is not there: ${advice}`);
  }
  const { chromium } = createRequire(join(ROOT, "www/package.json"))("playwright-core");
  const arrived = [];
  const server = createServer((request, response) => {
    arrived.push(request.url);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const origin = `http://127.0.0.1:${server.address().port}`;
  try {
    return await work((options) => open(browser, `${origin}/`, options), browser, arrived);
  } finally {
    await browser.close();
    server.close();
  }
}

/** A fresh page, and the list of its faults and requests, which grows while it is used. */
export async function open(browser, address, { ticks = false, lacksCrypto = false, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  // What is waited for comes; on a busy machine it comes late.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  if (!ticks) await page.addInitScript(stopTime);
  if (lacksCrypto) await page.addInitScript(() => Object.defineProperty(crypto, "subtle", { value: undefined }));
  const faults = [];
  const requests = [];
  page.on("console", (message) => message.type() !== "log" && faults.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  await page.locator("#verdict .fate").waitFor();
  return { page, context, faults, requests, origin: new URL(address).origin };
}

/**
 * The page decides anew every few seconds; where a test waits for what it has done itself, that would be in between.
 * And what happened six minutes ago must not become a second more on a busy machine.
 */
function stopTime() {
  window.setInterval = () => 0;
  const now = Date.now();
  Date.now = () => now;
}

function answer(request, response) {
  const path = new URL(request.url, "http://localhost").pathname;
  if (!FILES.includes(path)) {
    response.writeHead(404).end();
    return;
  }
  const file = path === "/" ? "/index.html" : path;
  response.writeHead(200, { "content-type": TYPES[extname(file)] }).end(readFileSync(join(FOLDER, file)));
}

/** Waits until the result is no more the one that was there before. */
export async function afterChange(page, act) {
  await page.locator("#verdict").evaluate((place) => (place.firstChild.dataset.seen = "yes"));
  await act();
  await page.waitForFunction(() => document.querySelector("#verdict").firstChild.dataset.seen !== "yes");
}

export async function pick(page, example) {
  await afterChange(page, () => page.selectOption("#example", example));
}

/** What the page says. */
export function read(page) {
  return page.evaluate(() => {
    const text = (selector) => document.querySelector(selector)?.textContent ?? "";
    const stages = [...document.querySelectorAll("#stages li")];
    return {
      fate: text("#verdict .fate"),
      reason: text("#verdict .reason"),
      headline: text("#verdict .headline"),
      particulars: text("#why .particulars"),
      facts: [...document.querySelectorAll("#why dd")].map((fact) => fact.textContent),
      stages: stages.map((stage) => stage.querySelector(".progress").textContent),
      names: stages.map((stage) => stage.dataset.stage),
      details: stages.map((stage) => stage.querySelector(".detail").textContent),
      wire: text("#answer .wire"),
      seal: text("#contents .seal"),
      announcement: text("#announcement"),
    };
  });
}

export function run(work) {
  withBrowser(work).catch((error) => {
    console.error(error.stack ?? error);
    process.exitCode = 1;
  });
}

/** As root there is no sandbox; the rest keeps the browser itself from calling home. */
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
