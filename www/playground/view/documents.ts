// A field for each document that an edge would fetch and this page does not: key sets, and lists of revoked tokens.

import type { RemoteDocument } from "../policy.js";
import { element } from "./elements.js";

/** Brings the fields up to date; one that stays keeps what was pasted. */
export function showDocuments(place: HTMLElement, wanted: readonly RemoteDocument[]): void {
  place.hidden = wanted.length === 0;
  const fields = place.querySelector(".fields") ?? place.appendChild(element("div", { class: "fields" }));
  const present = [...fields.querySelectorAll("textarea")].map((field) => field.dataset["uri"]);
  if (present.join("\n") === wanted.map(({ uri }) => uri).join("\n")) return;
  const kept = readDocuments(place);
  fields.replaceChildren(...wanted.map((document, index) => field(document, index, kept.get(document.uri) ?? "")));
}

/** What was pasted, by the address that it stands for. */
export function readDocuments(place: HTMLElement): Map<string, string> {
  const fields = [...place.querySelectorAll("textarea")];
  return new Map(fields.map((field) => [field.dataset["uri"] ?? "", field.value]));
}

/** Marks the field of an address as wrong, and all others as right. */
export function markDocument(place: HTMLElement, uri: string | undefined, message: string): void {
  for (const field of place.querySelectorAll("textarea")) {
    const isWrong = field.dataset["uri"] === uri;
    field.setAttribute("aria-invalid", String(isWrong));
    const problem = document.getElementById(`${field.id}-problem`);
    if (problem !== null) problem.textContent = isWrong ? message : "";
  }
}

function field({ kind, issuer, uri }: RemoteDocument, index: number, value: string): HTMLElement {
  const id = `document-${index}`;
  const area = element("textarea", {
    id, rows: "4", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
    "aria-describedby": `${id}-from ${id}-problem`, "data-uri": uri, class: "code",
  });
  area.value = value;
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, `${LABELS[kind]} ${issuer}`),
    area,
    element("p", { id: `${id}-from`, class: "hint" }, `The text of ${uri}, such as curl shows it.${HINTS[kind]}`),
    element("p", { id: `${id}-problem`, class: "problem" }),
  );
}

const LABELS = { "key set": "Key set of", "status list": "Revoked tokens of" };
const HINTS = { "key set": "", "status list": " Without it nothing counts as revoked here." };
