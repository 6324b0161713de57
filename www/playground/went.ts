// How a request went through the stages, as far as the guard's answer tells.

import type { Reason } from "edgelatch";
import type { Outcome } from "./check.js";
import { EXPLANATIONS } from "./explanations.js";
import { found } from "./findings.js";
import { asksForList, routeOf } from "./route.js";
import { position, STAGES, type Progress, type Stage, type StageName, type StageResult } from "./stages.js";

export function stageResults(outcome: Outcome): StageResult[] {
  const end = outcome.reason === undefined ? undefined : stageOf(outcome.reason, outcome.isAuthentic);
  return STAGES.map((stage) => {
    const progress = progressOf(stage, end, outcome);
    return { stage, progress, detail: detail(stage, progress, outcome) };
  });
}

/** Where a reason ends the request. The table says it for most; the signature parts the places of the others. */
export function stageOf(reason: Reason, isAuthentic: boolean): StageName {
  const { stage } = EXPLANATIONS[reason];
  const isBehind = position(stage) > position("signature");
  if (isAuthentic && !isBehind) return LATER_PLACE[reason] ?? stage;
  // A proof that is longer than any: it is not even read.
  return reason === "dpop.proof" && !isAuthentic ? "header" : stage;
}

/** `iss` and JSON are checked again in the payload, and a proof's algorithm may be the one that nobody can check. */
const LATER_PLACE: Partial<Record<Reason, StageName>> = {
  "clm.iss": "claims",
  "jws.json": "claims",
  "sig.unsupported": "binding",
};

function progressOf(stage: Stage, end: StageName | undefined, outcome: Outcome): Progress {
  const distance = end === undefined ? -1 : position(stage.name) - position(end);
  if (distance > 0) return "unreached";
  if (distance === 0) return outcome.verdict.ok ? "noted" : "failed";
  return hasNothingToAsk(stage.name, outcome) ? "open" : "passed";
}

/** A public route asks nothing of who brings no token but where it comes from; without a list nothing is revoked. */
function hasNothingToAsk(name: StageName, outcome: Outcome): boolean {
  if (name === "route") return false;
  const isAnonymous = outcome.credential.value === undefined && routeOf(outcome)?.["mode"] === "public";
  if (isAnonymous) return name !== "grant" || routeOf(outcome)?.["networks"] === undefined;
  return name === "status" && !asksForList(outcome);
}

function detail(stage: Stage, progress: Progress, outcome: Outcome): string {
  switch (progress) {
    case "passed":
    case "open":
      return found(stage.name, progress, outcome);
    case "failed":
    case "noted":
      return outcome.reason === undefined ? "" : EXPLANATIONS[outcome.reason].title;
    case "unreached":
      return stage.question;
  }
}
