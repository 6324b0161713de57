// The way through the stages, as a list: each with its sign, its word, and what was found.

import { PROGRESS_WORDS, type StageResult } from "../stages.js";
import { element, icon } from "./elements.js";

export function stagesView(results: readonly StageResult[]): HTMLElement {
  return element("ol", { class: "stages", role: "list" }, ...results.map(stageView));
}

function stageView({ stage, progress, detail }: StageResult): HTMLElement {
  return element(
    "li",
    { class: progress, "data-stage": stage.name },
    icon(progress),
    element("span", { class: "stage" }, stage.title),
    element("span", { class: "progress" }, PROGRESS_WORDS[progress]),
    element("span", { class: "detail" }, detail),
  );
}
