// Elements from data. Text goes in as text only: what a token says is never read as markup.

export type Child = Node | string | undefined;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** The element of the page with this id; the page is broken without it. */
export function byId<E extends HTMLElement>(id: string, type: abstract new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`index.html: no ${type.name} with the id ${id}`);
}

export type IconName = "passed" | "failed" | "noted" | "open" | "unreached" | "sealed" | "unsealed" | "trouble";

/** A small picture that says what the text beside it says, and is silent for who hears the page. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 20 20", width: "20", height: "20", class: "icon", "aria-hidden": "true", focusable: "false" };
  for (const [attribute, value] of Object.entries(attributes)) svg.setAttribute(attribute, value);
  for (const [shape, kind] of SHAPES[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    path.setAttribute("class", kind);
    svg.append(path);
  }
  return svg;
}

const SVG = "http://www.w3.org/2000/svg";
const CIRCLE = "M10 1.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17Z";
const OCTAGON = "M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7Z";
const TRIANGLE = "M10 1.8 19 17.6H1Z";

/** Shapes differ as well as colours. */
const SHAPES: Record<IconName, readonly (readonly [shape: string, kind: "body" | "mark" | "ring" | "dots"])[]> = {
  passed: [[CIRCLE, "body"], ["m6 10.3 2.8 2.8L14 7.6", "mark"]],
  failed: [[OCTAGON, "body"], ["m7 7 6 6M13 7l-6 6", "mark"]],
  noted: [[TRIANGLE, "body"], ["M10 7.4v4.4M10 14.6v.3", "mark"]],
  open: [[CIRCLE, "ring"], ["M6.5 10h7", "ring"]],
  unreached: [[CIRCLE, "dots"]],
  sealed: [["M4 9h12v8.5H4Z", "body"], ["M6.5 9V6.2a3.5 3.5 0 0 1 7 0V9", "ring"], ["M10 12.2v2.2", "mark"]],
  unsealed: [["M4 9h12v8.5H4Z", "ring"], ["M6.5 9V5.7a3.5 3.5 0 0 1 6.8-1", "ring"]],
  trouble: [[TRIANGLE, "body"], ["M10 7.4v4.4M10 14.6v.3", "mark"]],
};
