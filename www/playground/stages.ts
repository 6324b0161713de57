// The stages of a decision, in the order in which an edge takes them, and how a request went through.

export type StageName =
  | "route" | "header" | "clock" | "form" | "key" | "signature" | "claims" | "status" | "binding" | "grant";

export interface Stage {
  name: StageName;
  title: string;
  /** What the stage asks, for who has never seen it. */
  question: string;
}

export const STAGES: readonly Stage[] = [
  { name: "route", title: "Route", question: "Which route of the policy is the request for?" },
  { name: "header", title: "Header", question: "Is there one token, and no second one?" },
  { name: "clock", title: "Clock", question: "Can the time be right?" },
  { name: "form", title: "Token form", question: "Is it a signed access token, and no other kind of text?" },
  { name: "key", title: "Key", question: "Which key of which issuer must have signed it?" },
  { name: "signature", title: "Signature", question: "Did that key sign exactly this?" },
  { name: "claims", title: "Claims", question: "Is it for this API, and for now?" },
  { name: "status", title: "Status", question: "Has the issuer taken it back?" },
  { name: "binding", title: "Binding", question: "Does who sends it hold what it is bound to?" },
  { name: "grant", title: "Grant", question: "May this caller do this?" },
];

/**
 * How a stage went. `noted` is a failure on a route that only observes; `open` is a stage that was not asked, because
 * there was nothing to ask.
 */
export type Progress = "passed" | "failed" | "noted" | "open" | "unreached";

export interface StageResult {
  stage: Stage;
  progress: Progress;
  /** What was found, or what would be asked. */
  detail: string;
}

/** The word for each, since colour and shape alone say nothing to some. */
export const PROGRESS_WORDS: Record<Progress, string> = {
  passed: "passed",
  failed: "failed",
  noted: "would be refused",
  open: "not asked",
  unreached: "not reached",
};

export function position(name: StageName): number {
  return STAGES.findIndex((stage) => stage.name === name);
}
