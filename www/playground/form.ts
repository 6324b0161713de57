// The fields of the page: reads them, fills them, and marks what is wrong.

import type { Inputs } from "./check.js";
import { readCredential } from "./credential.js";
import type { Filling } from "./examples.js";
import { InputProblem, parsePolicy, remoteDocuments } from "./policy.js";
import { readTime, stamp } from "./times.js";
import { byId } from "./view/elements.js";
import { markDocument, readDocuments, showDocuments } from "./view/documents.js";

export class Form {
  readonly #method = byId("method", HTMLInputElement);
  readonly #host = byId("host", HTMLInputElement);
  readonly #path = byId("path", HTMLInputElement);
  readonly #token = byId("token", HTMLTextAreaElement);
  readonly #proof = byId("proof", HTMLTextAreaElement);
  readonly #source = byId("source", HTMLInputElement);
  readonly #certificate = byId("certificate", HTMLInputElement);
  readonly #more = byId("more", HTMLDetailsElement);
  readonly #time = byId("time", HTMLInputElement);
  readonly #policy = byId("policy", HTMLTextAreaElement);
  readonly #documents = byId("documents", HTMLElement);
  readonly #tokenNote = byId("token-note", HTMLElement);

  read(): Inputs {
    return {
      method: this.#method.value.trim(),
      host: this.#host.value.trim(),
      path: this.#path.value.trim(),
      token: this.#token.value,
      proof: this.#proof.value,
      source: this.#source.value,
      certificate: this.#certificate.value,
      now: this.#now(),
      policy: this.#policy.value,
      pasted: readDocuments(this.#documents),
    };
  }

  /** Whether the clock runs; it stands once somebody has set it. */
  get isNow(): boolean {
    return this.#time.value.trim() === "";
  }

  useNow(): void {
    this.#time.value = "";
  }

  /** Sets the clock to the time at which the token says that it was issued; tells what happened. */
  useTimeOfToken(): string {
    const { iat, exp } = readCredential(this.#token.value).token?.payload ?? {};
    const time = typeof iat === "number" ? iat : typeof exp === "number" ? exp - 1 : undefined;
    const text = time === undefined ? undefined : stamp(time);
    if (text === undefined) return "The token says no time that could be used.";
    this.#time.value = text;
    return `The clock shows ${text}, when the token was issued.`;
  }

  fill(filling: Filling, policy: string): void {
    this.#method.value = filling.method;
    this.#host.value = "api.example.com";
    this.#path.value = filling.path;
    this.#token.value = filling.token;
    this.#proof.value = filling.proof;
    this.#source.value = filling.source;
    this.#certificate.value = "";
    this.#policy.value = policy;
    this.#more.open ||= filling.proof !== "" || filling.source !== "";
    this.useNow();
  }

  /** Brings what depends on other fields up to date. */
  refresh(): void {
    this.#tokenNote.textContent = readCredential(this.#token.value).note ?? "";
    try {
      showDocuments(this.#documents, remoteDocuments(parsePolicy(this.#policy.value)));
    } catch (error) {
      // While the policy is being typed, the fields stay as they are.
      if (!(error instanceof InputProblem)) throw error;
    }
  }

  /** Marks the field with the problem, and takes the marks from all others. */
  mark(problem: InputProblem | undefined): void {
    const field = problem?.field;
    for (const [name, input] of [["policy", this.#policy], ["time", this.#time], ["certificate", this.#certificate]] as const) {
      const isWrong = field === name;
      input.setAttribute("aria-invalid", String(isWrong));
      byId(`${name}-problem`, HTMLElement).textContent = isWrong ? (problem?.message ?? "") : "";
    }
    if (field === "certificate") this.#more.open = true;
    markDocument(this.#documents, typeof field === "object" ? field.uri : undefined, problem?.message ?? "");
  }

  #now(): number {
    if (this.isNow) return Date.now();
    const time = readTime(this.#time.value);
    if (time !== undefined) return time;
    throw new InputProblem("time", "no time; write it such as 2026-11-26 04:30:00 UTC, or as seconds since 1970");
  }
}
