// A field for each key set that an edge would fetch and this page does not.

import type { RemoteIssuer } from "../policy.js";
import { element } from "./elements.js";

/** Brings the fields up to date; one that stays keeps what was pasted. */
export function showKeySets(place: HTMLElement, issuers: readonly RemoteIssuer[]): void {
  place.hidden = issuers.length === 0;
  const fields = place.querySelector(".fields") ?? place.appendChild(element("div", { class: "fields" }));
  const wanted = issuers.map(({ issuer }) => issuer);
  const present = [...fields.querySelectorAll("textarea")];
  if (present.map((field) => field.dataset["issuer"]).join("\n") === wanted.join("\n")) return;
  const kept = readKeySets(place);
  fields.replaceChildren(...issuers.map((issuer, index) => field(issuer, index, kept.get(issuer.issuer) ?? "")));
}

export function readKeySets(place: HTMLElement): Map<string, string> {
  const fields = [...place.querySelectorAll("textarea")];
  return new Map(fields.map((field) => [field.dataset["issuer"] ?? "", field.value]));
}

/** Marks the field of an issuer as wrong, and all others as right. */
export function markKeySet(place: HTMLElement, issuer: string | undefined, message: string): void {
  for (const field of place.querySelectorAll("textarea")) {
    const isWrong = field.dataset["issuer"] === issuer;
    field.setAttribute("aria-invalid", String(isWrong));
    const problem = document.getElementById(`${field.id}-problem`);
    if (problem !== null) problem.textContent = isWrong ? message : "";
  }
}

function field({ issuer, uri }: RemoteIssuer, index: number, value: string): HTMLElement {
  const id = `key-set-${index}`;
  const area = element("textarea", {
    id, rows: "4", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
    "aria-describedby": `${id}-from ${id}-problem`, "data-issuer": issuer, class: "code",
  });
  area.value = value;
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, `Key set of ${issuer}`),
    area,
    element("p", { id: `${id}-from`, class: "hint" }, `The text of ${uri}, such as curl shows it.`),
    element("p", { id: `${id}-problem`, class: "problem" }),
  );
}
