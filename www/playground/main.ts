// The page: decides anew whenever something changes, and shows what was decided.

import { check, type Outcome } from "./check.js";
import { examplePolicy, examples, makeKit, type Example, type Kit } from "./examples.js";
import { Form } from "./form.js";
import { InputProblem } from "./policy.js";
import { stageResults } from "./went.js";
import { answerView } from "./view/answer.js";
import { contentsView } from "./view/contents.js";
import { byId, element } from "./view/elements.js";
import { stagesView } from "./view/stages.js";
import { headlineOf, showPeek, strip, trouble, verdictView, whyView, type Headline } from "./view/verdict.js";

const form = new Form();
const result = byId("result", HTMLElement);
const picker = byId("example", HTMLSelectElement);
const announcement = byId("announcement", HTMLElement);
const peek = byId("peek", HTMLElement);

/** Only the latest question is answered. */
let question = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;

async function decide(): Promise<void> {
  const mine = ++question;
  form.refresh();
  try {
    const outcome = await check(form.read());
    if (mine === question) show(outcome);
  } catch (error) {
    if (mine === question) showProblem(error);
  }
}

function show(outcome: Outcome): void {
  form.mark(undefined);
  put("verdict", verdictView(outcome));
  put("why", whyView(outcome));
  put("stages", stagesView(stageResults(outcome)));
  put("answer", answerView(outcome));
  put("contents", contentsView(outcome));
  result.classList.remove("undecided");
  announce(headlineOf(outcome), outcome.reason === undefined ? "" : `Reason: ${outcome.reason}`);
}

function showProblem(error: unknown): void {
  const problem = error instanceof InputProblem ? error : undefined;
  form.mark(problem);
  const message = error instanceof Error ? error.message : String(error);
  const headline = trouble(problem === undefined ? "This page has a fault" : titleOf(problem), message);
  put("verdict", strip(headline));
  result.classList.add("undecided");
  announce(headline, message);
}

function titleOf({ field }: InputProblem): string {
  if (typeof field === "object") return `The key set of ${field.uri} has to be mended`;
  return { policy: "The policy has to be mended", time: "The time cannot be read", certificate: "The certificate cannot be read" }[field];
}

function put(id: string, view: HTMLElement): void {
  byId(id, HTMLElement).replaceChildren(view);
}

/** Says what changed to who hears the page, and nothing while nothing changes. */
function announce(headline: Headline, more: string): void {
  const text = `${headline.fate}: ${headline.title}. ${more}`.trim();
  if (announcement.textContent !== text) announcement.textContent = text;
  showPeek(peek, headline);
}

async function fillIn(example: Example, kit: Kit): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const filling = await example.make({ ...kit, now });
  form.fill({ method: "GET", path: "/orders/17", token: "", proof: "", source: "", ...filling }, examplePolicy(kit));
  byId("example-hint", HTMLElement).textContent = example.hint;
  await decide();
}

function offer(kit: Kit): void {
  const list = examples(kit);
  for (const group of new Set(list.map((example) => example.group))) {
    const members = list.filter((example) => example.group === group);
    const options = members.map((example) => element("option", { value: example.id }, example.label));
    picker.append(element("optgroup", { label: group }, ...options));
  }
  picker.addEventListener("change", () => {
    const example = list.find(({ id }) => id === picker.value);
    if (example !== undefined) void fillIn(example, kit);
  });
}

/** Somebody writes: decide once the hand rests. */
function listen(): void {
  byId("request", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("input", (event) => {
    if (event.target === picker) return;
    picker.value = "";
    byId("time-note", HTMLElement).textContent = "";
    byId("example-hint", HTMLElement).textContent = "";
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = undefined;
      void decide();
    }, PAUSE);
  });
  byId("use-now", HTMLButtonElement).addEventListener("click", () => {
    form.useNow();
    byId("time-note", HTMLElement).textContent = "";
    void decide();
  });
  byId("use-token-time", HTMLButtonElement).addEventListener("click", () => {
    byId("time-note", HTMLElement).textContent = form.useTimeOfToken();
    void decide();
  });
}

/** Tokens expire while somebody looks at them; what is being read or selected stays as it is. */
function keepTime(): void {
  setInterval(() => {
    const isBusy = result.contains(document.activeElement) || getSelection()?.isCollapsed === false;
    if (form.isNow && !document.hidden && !isBusy && waiting === undefined) void decide();
  }, TICK);
}

/** The line at the foot is only for when the verdict itself is out of sight. */
function watchVerdict(): void {
  const watcher = new IntersectionObserver(([entry]) => {
    peek.hidden = entry?.isIntersecting ?? true;
  });
  watcher.observe(byId("verdict", HTMLElement));
}

async function start(): Promise<void> {
  listen();
  keepTime();
  watchVerdict();
  try {
    const kit = await makeKit();
    offer(kit);
    const [first] = examples(kit);
    picker.value = first?.id ?? "";
    if (first !== undefined) await fillIn(first, kit);
  } catch (error) {
    // Without a secure context there is no WebCrypto; pasted tokens are checked all the same.
    byId("example-hint", HTMLElement).textContent = `No examples: this browser makes no keys here (${String(error)}).`;
    picker.disabled = true;
    await decide();
  }
}

const PAUSE = 150;
const TICK = 10_000;

void start();
