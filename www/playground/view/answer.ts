// What goes over the wire: the answer to the caller, or what the upstream gets.

import type { Admitted, Refused } from "edgelatch";
import type { Outcome } from "../check.js";
import { element } from "./elements.js";

export const STATUS_TEXTS: Record<Refused["status"], string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  503: "Service Unavailable",
};

export function answerView(outcome: Outcome): HTMLElement {
  return outcome.verdict.ok ? forwarded(outcome, outcome.verdict) : answered(outcome.verdict);
}

function answered(verdict: Refused): HTMLElement {
  return element(
    "div",
    {},
    element("p", { class: "soft" }, "The caller learns no more than this; the reason above is for the operator's log."),
    wire(`HTTP/1.1 ${verdict.status} ${STATUS_TEXTS[verdict.status]}`, verdict.headers, verdict.body),
  );
}

function forwarded(outcome: Outcome, verdict: Admitted): HTMLElement {
  const { method, path, host } = outcome.inputs;
  const token = outcome.credential.value === undefined ? "" : outcome.showsToken ? KEPT : STRIPPED;
  return element(
    "div",
    {},
    element("p", { class: "soft" }, `The request goes on to the upstream, without any line by which a caller would say who it is. ${token}`),
    wire(`${method} ${path} HTTP/1.1`, { host, ...verdict.headers }, ""),
  );
}

function wire(start: string, headers: Readonly<Record<string, string>>, body: string): HTMLElement {
  const lines = Object.entries(headers).map(([name, value]) =>
    element("span", {}, element("span", { class: "name" }, name), `: ${value}\n`),
  );
  return element(
    "pre",
    { class: "wire" },
    element("code", {}, element("span", { class: "start" }, `${start}\n`), ...lines, body === "" ? "" : `\n${body}`),
  );
}

const STRIPPED = "Its token stays at the edge.";
const KEPT = "Its token goes along as it came.";
