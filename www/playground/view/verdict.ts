// The first thing to see: what happens to the request, and why.

import type { Outcome } from "../check.js";
import { EXPLANATIONS, type Explanation } from "../explanations.js";
import { particulars } from "../particulars.js";
import { STATUS_TEXTS } from "./answer.js";
import { element, icon, type Child, type IconName } from "./elements.js";

export interface Headline {
  kind: "admitted" | "observed" | "refused" | "trouble";
  /** Such as "Refused with 401 Unauthorized". */
  fate: string;
  title: string;
  /** What to mend. */
  advice?: string;
}

export function headlineOf(outcome: Outcome): Headline {
  const { verdict, reason } = outcome;
  const title = reason === undefined ? "" : EXPLANATIONS[reason].title;
  if (!verdict.ok) {
    return { kind: "refused", fate: `Refused with ${verdict.status} ${STATUS_TEXTS[verdict.status]}`, title };
  }
  if (reason !== undefined) return { kind: "observed", fate: "Let through, but would be refused", title };
  const who = verdict.client === undefined ? "Everybody may pass here" : `${verdict.client} may pass`;
  return { kind: "admitted", fate: "Admitted", title: who };
}

/** The strip that says it in one line. */
export function verdictView(outcome: Outcome): HTMLElement {
  return strip(headlineOf(outcome), outcome.reason);
}

/** The reasons; nothing where there is nothing to explain. */
export function whyView(outcome: Outcome): HTMLElement {
  if (outcome.reason === undefined) return element("div");
  return why(EXPLANATIONS[outcome.reason], particulars(outcome));
}

/** The line at the foot of a small screen that says it while the strip is out of sight. */
export function showPeek(place: HTMLElement, headline: Headline): void {
  place.className = `peek ${headline.kind}`;
  place.replaceChildren(icon(ICONS[headline.kind]), element("span", {}, headline.title));
}

/** Where nothing can be decided, since an input has to be mended first. */
export function trouble(title: string, advice: string): Headline {
  return { kind: "trouble", fate: "Not decided", title, advice };
}

export function strip(headline: Headline, code?: string): HTMLElement {
  return element(
    "div",
    { class: `strip ${headline.kind}` },
    icon(ICONS[headline.kind]),
    element(
      "div",
      {},
      element("p", { class: "fate" }, headline.fate, code === undefined ? undefined : element("code", { class: "reason" }, code)),
      element("p", { class: "headline" }, headline.title),
      headline.advice === undefined ? undefined : element("p", { class: "advice" }, headline.advice),
    ),
  );
}

function why(explanation: Explanation, sentence: string | undefined): HTMLElement {
  return element(
    "div",
    { class: "why" },
    sentence === undefined ? undefined : element("p", { class: "particulars" }, sentence),
    element(
      "dl",
      { class: "facts" },
      ...fact("What to do", explanation.todo),
      ...fact("Why", explanation.why),
      ...fact("Look at", element("span", { class: "looks-at" }, explanation.looksAt)),
      ...fact("Decided by", section(explanation.section)),
    ),
  );
}

function fact(name: string, value: Child): Child[] {
  return [element("dt", {}, name), element("dd", {}, value)];
}

/** The address is for who wants to read on; the page itself asks for nothing. */
function section(text: string): HTMLElement {
  const [, rfc, place] = /^RFC (\d+) section ([\d.]+)$/.exec(text) ?? [];
  const [, draft, part] = /^(draft-[a-z-]+) section ([\d.]+)$/.exec(text) ?? [];
  const address =
    rfc === undefined
      ? `https://datatracker.ietf.org/doc/html/${draft}#section-${part}`
      : `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${place}`;
  return element("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, text);
}

const ICONS: Record<Headline["kind"], IconName> = {
  admitted: "passed",
  observed: "noted",
  refused: "failed",
  trouble: "trouble",
};
