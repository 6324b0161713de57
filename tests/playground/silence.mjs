// What the page promises: it asks for its own files and nothing else, keeps nothing, and cannot be made to talk.

import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { FILES, FOLDER, open as openAt, pick, read, run } from "./browser.mjs";

run(async (open, browser, arrived) => {
  const { page, context, faults, requests, origin } = await open();
  const address = page.url();
  for (const id of ["good", "tampered", "dpop", "missing"]) await pick(page, id);
  await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await page.fill("#token", "a secret that nobody shall see");
  await page.waitForFunction(() => document.querySelector(".reason")?.textContent === "hdr.scheme");
  await allFilesAreThere(requests, arrived, origin);
  const asked = requests.length;
  assert.deepEqual([...new Set(requests)].sort(), FILES.map((file) => origin + file));
  assert.deepEqual(faults, []);
  assert.equal(page.url(), address, "the address changed");
  await checkNothingIsKept(page, context);
  const attempts = await checkNothingGetsOut(page, arrived);
  await checkNothingComesBack(page);
  const fromDisk = await checkFile(browser);
  console.log(`playground: ${asked} requests, all for its own files; ${attempts} attempts to talk refused; ${fromDisk} from a file`);
});

/** The browser asks for the icon when it likes. */
async function allFilesAreThere(requests, arrived, origin) {
  const isThere = (file) => requests.includes(origin + file) && arrived.includes(file);
  for (const end = performance.now() + 60_000; !FILES.every(isThere); await sleep(20)) {
    assert.ok(performance.now() < end, `requested: ${requests}; arrived: ${arrived}`);
  }
}

async function checkNothingIsKept(page, context) {
  const kept = await page.evaluate(async () => [
    localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length,
    (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length,
  ]);
  assert.deepEqual(kept, [0, 0, "", 0, 0, 0]);
  assert.deepEqual(await context.cookies(), []);
}

/** A script that got into the page would try these. The rules of the page have to stop it, not good will. */
async function checkNothingGetsOut(page, arrived) {
  const before = arrived.length;
  const directives = ["connect-src", "img-src", "frame-src", "require-trusted-types-for", "form-action"];
  const refused = await page.evaluate(async (awaited) => {
    const address = `${location.origin}/main.js?token=x`;
    const violated = [];
    document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
    const tries = [
      () => fetch(address),
      () => {
        const asked = new XMLHttpRequest();
        asked.open("GET", address);
        asked.send();
      },
      () => navigator.sendBeacon(address, "x"),
      () => new WebSocket(address.replace("http", "ws")),
      () => new EventSource(address),
      () => document.body.append(Object.assign(document.createElement("img"), { src: address.replace("127.0.0.1", "localhost") })),
      () => document.body.append(Object.assign(document.createElement("iframe"), { src: address })),
      () => (document.body.innerHTML += "<b>x</b>"),
      () => document.body.append(Object.assign(document.createElement("form"), { action: "/", method: "post", id: "out" })) ?? document.querySelector("#out").submit(),
    ];
    for (const attempt of tries) {
      try {
        await attempt();
      } catch {
        // Refused at once; others only say so by the event.
      }
    }
    const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));
    const isMissing = (directive) => !violated.includes(directive);
    // Some events come by way of another process.
    for (const end = performance.now() + 60_000; awaited.some(isMissing) && performance.now() < end; ) await sleep(20);
    // Time for what should not leave the page to arrive.
    await sleep(300);
    return violated;
  }, directives);
  for (const directive of directives) {
    assert.ok(refused.includes(directive), `${directive} stopped nothing: ${refused}`);
  }
  assert.deepEqual(arrived.slice(before), [], "something left the page");
  return refused.length;
}

/** A reload forgets what was pasted. */
async function checkNothingComesBack(page) {
  await page.reload();
  await page.locator("#stages li").first().waitFor();
  assert.ok(!(await page.inputValue("#token")).includes("secret"), "the token came back after a reload");
}

/** Saved to a disk it works as well. */
async function checkFile(browser) {
  const { page, faults } = await openAt(browser, pathToFileURL(join(FOLDER, "index.html")).href);
  await pick(page, "expired");
  const { reason } = await read(page);
  assert.equal(reason, "clm.exp");
  assert.deepEqual(faults, []);
  return `${reason} the same`;
}
