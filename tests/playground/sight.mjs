// What eyes need: contrast of every text and sign in light and dark, and no sideways scrolling on a small phone.

import assert from "node:assert/strict";
import { pick, run } from "./browser.mjs";
import { measure } from "./contrast.mjs";

const EXAMPLES = ["good", "observe", "expired", "tampered", "public", "network", "dpop"];
const WIDTHS = [320, 360, 768, 1280];

run(async (open) => {
  let texts = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1280]) {
      const { page, faults } = await open({ colorScheme, viewport: { width, height: 740 } });
      for (const show of [...EXAMPLES.map((id) => () => pick(page, id)), () => breakEverything(page), () => breakDocument(page)]) {
        await show();
        const found = await page.evaluate(measure);
        assert.deepEqual(found.poor, [], `${colorScheme}, ${width}`);
        texts += found.count;
        lowest = Math.min(lowest, found.lowest);
      }
      assert.deepEqual(faults, []);
    }
  }
  const looked = await checkWidths(open);
  console.log(`playground: ${texts} texts and signs, contrast ${lowest.toFixed(2)} at the least; ${looked} views without sideways scrolling`);
});

/** The fields of what an edge would fetch, one of them with a mistake. */
async function breakDocument(page) {
  const issuer = { issuer: "https://a.example", audiences: ["a"], jwks_uri: "https://a.example/jwks", status_list: { uri: "https://a.example/list" } };
  await page.fill("#policy", JSON.stringify({ issuers: [issuer], routes: [] }));
  await page.fill("#document-0", "{");
  await page.locator("#document-0-problem:not(:empty)").waitFor();
}

/** Every message of a wrong field at once needs several tries: the policy is wrong, and so is the certificate before. */
async function breakEverything(page) {
  await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await page.fill("#certificate", "xyz");
  await page.locator("#certificate-problem:not(:empty)").waitFor();
  await page.fill("#certificate", "");
  await page.fill("#policy", "issuers: []");
  await page.locator("#policy-problem:not(:empty)").waitFor();
}

async function checkWidths(open) {
  let looked = 0;
  for (const width of WIDTHS) {
    const { page } = await open({ viewport: { width, height: 740 } });
    for (const id of EXAMPLES) {
      await pick(page, id);
      await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
      const wide = await page.evaluate(() => {
        const isWide = (one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 0.5;
        const all = [...document.querySelectorAll("body *")];
        return { page: document.documentElement.scrollWidth, who: all.filter(isWide).map((one) => one.outerHTML.slice(0, 80)) };
      });
      assert.ok(wide.page <= width, `${id} at ${width}: ${wide.page} wide, ${wide.who[0]}`);
      assert.deepEqual(wide.who, [], `${id} at ${width}`);
      looked += 1;
    }
    await page.context().close();
  }
  return looked;
}
