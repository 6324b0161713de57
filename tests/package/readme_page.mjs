// The npm page, and what is in it.

import { readFileSync } from "node:fs";

export const page = readFileSync(new URL("../../www/README.md", import.meta.url), "utf8");

/** Every fenced block, with the heading that it stands under. */
export function snippets() {
  const found = [];
  let heading = "";
  for (const part of page.split(/^(#+ .*|```\w*\n[^]*?^```)$/m)) {
    const [, title] = /^#+ (.*)$/.exec(part) ?? [];
    const [, language, text] = /^```(\w*)\n([^]*)```$/.exec(part) ?? [];
    heading = title ?? heading;
    if (text !== undefined) {
      found.push({ heading, language, text });
    }
  }
  return found;
}

/** What stands under a heading. */
export function section(heading) {
  const [, text] = page.split(`\n## ${heading}\n`);
  return text.split("\n## ")[0];
}

/** The rows of all tables under a heading, without their heads: a list of cells each. */
export function tableRows(heading) {
  const lines = section(heading).split("\n");
  const rows = lines.filter((line, at) => line.startsWith("|") && !line.startsWith("|-") && !lines[at + 1]?.startsWith("|-"));
  return rows.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** The code spans of a text. */
export function words(text) {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
}
