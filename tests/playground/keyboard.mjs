// A person with a keyboard and a token of the real issuer: everything can be reached, is seen to be reached, and a
// pasted token is decided.

import assert from "node:assert/strict";
import { afterChange, read, run } from "./browser.mjs";

/** The list of revoked tokens comes twice: before all tokens of the client were revoked, and after. */
const { ISSUER, TOKEN, KEY_SET, LIST, LATER_LIST } = process.env;

run(async (open) => {
  assert.ok(ISSUER && TOKEN && KEY_SET && LIST && LATER_LIST, "the test gives ISSUER, TOKEN, KEY_SET, LIST and LATER_LIST");
  // Who wants no motion gets none: otherwise the focus would still be on its way into sight.
  const { page, context, faults } = await open({ reducedMotion: "reduce" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const stops = await everyStop(page);
  const pasted = await pasteEverything(page);
  const phone = await open({ reducedMotion: "reduce", viewport: { width: 360, height: 740 } });
  const phoneStops = await everyStop(phone.page);
  assert.deepEqual([...faults, ...phone.faults], []);
  console.log(`playground: ${stops} stops of the tab key, ${phoneStops} on a phone, ${pasted} texts pasted and decided`);
});

/** Goes round by the tab key: each stop is visible, marked, and none is left out. */
async function everyStop(page) {
  await page.locator("#more").evaluate((more) => (more.open = true));
  const wanted = await page.evaluate(() => {
    const all = document.querySelectorAll("a[href], button, input, select, textarea, summary");
    const stops = [...all].filter((stop) => stop.id === "peek" || (stop.checkVisibility() && !stop.disabled));
    return stops.map((stop) => (stop.dataset.stop = stop.id || stop.textContent.trim())).filter((name) => name !== "peek");
  });
  await page.evaluate(() => document.activeElement.blur());
  const seen = [];
  while (seen.length <= wanted.length) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(lookAtStop);
    if (stop.name === seen[0] || stop.name === undefined) break;
    assert.ok(stop.isInSight, `${stop.name} has the focus out of sight`);
    assert.ok(stop.outline >= 2, `${stop.name} has no visible mark of the focus`);
    // The way to the result is there only while the result is out of sight.
    if (stop.name !== "peek") seen.push(stop.name);
  }
  assert.deepEqual(seen, wanted);
  return seen.length;
}

/** Runs in the page. The middle of what has the focus must not lie under something else (WCAG 2.4.11). */
function lookAtStop() {
  const stop = document.activeElement;
  const box = stop.getBoundingClientRect();
  const left = box.left + box.width / 2;
  const top = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const above = document.elementFromPoint(left, top);
  const style = getComputedStyle(stop);
  return {
    name: stop.dataset.stop,
    isInSight: above !== null && (stop.contains(above) || above.contains(stop)),
    outline: style.outlineStyle === "none" ? 0 : Number.parseFloat(style.outlineWidth),
  };
}

/** The policy names the issuer's key set by its address, as a real one does; the page does not go there. */
async function pasteEverything(page) {
  const policy = {
    issuers: [{ issuer: ISSUER, audiences: ["https://api.example.com"], jwks_uri: `${ISSUER}/.well-known/jwks.json` }],
    routes: [{ name: "read-order", methods: ["GET"], path: "/orders/{id}", scopes: { all: ["orders:read"] } }],
  };
  await paste(page, "#policy", JSON.stringify(policy));
  await paste(page, "#token", TOKEN);
  await expect(page, "503", "jwks.none", "Not verified");
  await paste(page, "#document-0", KEY_SET);
  await expect(page, "Admitted", "", "Verified");
  const [header, payload, signature] = TOKEN.split(".");
  const forms = [
    [`Authorization: Bearer ${TOKEN}`, "Admitted", "", "Verified"],
    [`  Bearer ${TOKEN.slice(0, 80)}\n  ${TOKEN.slice(80)}\n`, "Admitted", "", "Verified"],
    [`Basic ${btoa("a:b")}`, "401", "hdr.scheme", ""],
    [`Bearer ${TOKEN} ${TOKEN}`, "401", "hdr.scheme", "Not verified"],
    [`${TOKEN},${TOKEN}`, "400", "hdr.multiple", "Not verified"],
    [`${header}.${payload}`, "401", "jws.structure", "Not verified"],
    [`${header}.${payload}.${signature}=`, "401", "jws.b64", "Not verified"],
    [`${header}.${payload}.${signature.slice(4)}`, "401", "sig.len", "Not verified"],
    [`${header}.${payload}.${signature[0] === "A" ? "B" : "A"}${signature.slice(1)}`, "401", "sig.bad", "Not verified"],
    ["gr\u00fc\u00df dich", "401", "hdr.scheme", ""],
    ["<img src=x onerror=alert(1)>", "401", "hdr.scheme", ""],
  ];
  for (const [text, fate, reason, seal] of forms) {
    await paste(page, "#token", text);
    await expect(page, fate, reason, seal);
  }
  await checkClock(page);
  return forms.length + 2 + (await pasteLists(page, policy));
}

/** A policy with a status list: without it, with it, with the one after the revocation, and with something else. */
async function pasteLists(page, { issuers: [issuer], routes }) {
  const policy = { issuers: [{ ...issuer, status_list: { uri: `${ISSUER}/status-list` } }], routes };
  await paste(page, "#policy", JSON.stringify(policy));
  assert.equal(await page.inputValue("#document-0"), KEY_SET, "the key set was lost");
  const lists = [
    ["", "Admitted", "", "not asked"],
    [LIST, "Admitted", "", "passed"],
    [LATER_LIST, "401", "rev.hit", "failed"],
    [TOKEN, "503", "rev.none", "failed"],
  ];
  for (const [text, fate, reason, word] of lists) {
    if (text !== "") await paste(page, "#document-1", text);
    await expect(page, fate, reason, "Verified");
    const { names, stages } = await read(page);
    assert.equal(stages[names.indexOf("status")], word, fate);
  }
  return lists.length - 1;
}

/** Ctrl+A and Ctrl+V, as a person does. */
async function paste(page, field, text) {
  await page.focus(field);
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.keyboard.press("Control+A");
  await afterChange(page, () => page.keyboard.press("Control+V"));
}

async function expect(page, fate, reason, seal) {
  const seen = await read(page);
  assert.ok(seen.fate.includes(fate), `${seen.fate} ${seen.reason}: ${seen.particulars}`);
  assert.equal(seen.reason, reason);
  assert.ok(seal === "" || seen.seal.startsWith(seal), seen.seal);
}

/** A year later it has expired; at its own time, by the button, it is good; the button beside it brings back now. */
async function checkClock(page) {
  await paste(page, "#token", TOKEN);
  await paste(page, "#time", "2099-01-01 00:00:00 UTC");
  await expect(page, "401", "clm.exp", "Verified");
  await press(page, "#use-token-time");
  await expect(page, "Admitted", "", "Verified");
  assert.match(await page.inputValue("#time"), /^20\d\d-.* UTC$/);
  await press(page, "#use-now");
  assert.equal(await page.inputValue("#time"), "");
  await expect(page, "Admitted", "", "Verified");
}

async function press(page, button) {
  await page.focus(button);
  await afterChange(page, () => page.keyboard.press("Enter"));
}
