// One document: from the places where another isolate may have left it, or from its issuer.

import type { Documents, Kept, Tier } from "./documents.js";
import type { Plan } from "./feeds.js";
import type { Gate } from "./instance.js";
import type { Standing } from "./standing.js";
import type { FetchEvent, GuardOptions } from "./types.js";
import { within } from "./waiting.js";

/** What is needed for it. */
export interface Errand {
  readonly gate: Gate;
  readonly standing: Standing;
  readonly plan: Plan;
  readonly documents: Documents;
  /** Milliseconds for which a kept document is as good as a new one. */
  readonly maximumAge: number;
  /** When the issuer last vouched for what is in force here. */
  readonly vouched: number;
  readonly options: GuardOptions;
  readonly now: () => number;
  /** Ends it. With one, the issuer may hold back its answer until there is news. */
  readonly signal: AbortSignal | undefined;
  /** Whether another fetch of the same document, which began later, has ended by now. */
  readonly isOvertaken: () => boolean;
  /** Carries out what no request has to wait for. */
  readonly later: (work: Promise<unknown>) => void;
}

export interface Outcome {
  /** Whether nobody has to be asked for a while. */
  readonly isGood: boolean;
  /** When the issuer vouched for what is in force, as far as it is known from this; otherwise minus infinity. */
  readonly vouched: number;
  /** Whether another isolate's document was taken over: it may be of use, though it is not new enough to ask nobody. */
  readonly isAdopted: boolean;
}

interface Told {
  readonly outcome: FetchEvent["outcome"];
  readonly problem?: string;
}

/** Fetches and hands over to the core. Nothing if another fetch was quicker. Never rejects. */
export async function fetchDocument(errand: Errand): Promise<Outcome | undefined> {
  let vouched = -Infinity;
  if (!errand.signal) {
    for (const tier of errand.documents) {
      const outcome = await fromTier(errand, tier, Math.max(vouched, errand.vouched));
      if (outcome?.isGood) {
        return outcome;
      }
      vouched = Math.max(vouched, outcome?.vouched ?? -Infinity);
    }
  }
  const outcome = await fromOrigin(errand);
  return outcome && { ...outcome, vouched: Math.max(vouched, outcome.vouched), isAdopted: vouched > -Infinity };
}

/** Nothing if there is nothing of use; not good if the issuer has to be asked all the same. */
async function fromTier(errand: Errand, tier: Tier, vouched: number): Promise<Outcome | undefined> {
  const { gate, plan, now, maximumAge } = errand;
  // A place that does not answer, or fails, costs a moment, not access.
  const found = tier.get(nameOf(plan)).catch(() => undefined);
  const kept = await within(TIER_TIMEOUT, found);
  // One from the future, of a clock that is ahead, would stay new for as long, however often the issuer changed it.
  if (!kept || kept.received > now() || kept.received <= vouched) {
    return undefined;
  }
  const isFirst = gate.entity_tag(plan.feed) === undefined;
  // Otherwise the core would wait for an answer to its own fetch.
  gate.yield_fetch(plan.feed, now());
  const body = new TextEncoder().encode(kept.body);
  const told = hear(errand, tier.name, (at) => gate.adopt(plan.feed, body, kept.entityTag ?? "", kept.received, at));
  const isFresh = now() - kept.received <= (isFirst ? Math.max(maximumAge, firstAge(plan)) : maximumAge);
  return told.outcome === "kept" ? undefined : { isGood: isFresh, vouched: kept.received, isAdopted: true };
}

/** An isolate that begins takes keys of some age rather than make every isolate ask. */
function firstAge(plan: Plan): number {
  return plan.kind === "key set" ? FIRST_KEYS_AGE : 0;
}

async function fromOrigin(errand: Errand): Promise<Omit<Outcome, "isAdopted"> | undefined> {
  const { gate, plan, now, signal } = errand;
  // What it says was true when it was asked for, or later; of an answer that was held back, only that is known.
  const asked = now();
  const answer = await ask(errand).catch(() => undefined);
  if (errand.isOvertaken()) {
    // A slow answer may be an old one: it would bring back a key that was withdrawn meanwhile.
    return undefined;
  }
  const told = hear(errand, "origin", (at) =>
    answer ? gate.accept(plan.feed, answer.status, answer.headers, answer.body, at) : gate.fail(plan.feed, at),
  );
  if (told.outcome === "kept") {
    return { isGood: false, vouched: -Infinity };
  }
  const vouched = signal ? now() : asked;
  errand.later(keep(errand, vouched));
  return { isGood: true, vouched };
}

interface Answer {
  readonly status: number;
  /** Names and values in turn, with a NUL between them. */
  readonly headers: string;
  readonly body: Uint8Array;
}

async function ask({ gate, plan, options, signal }: Errand): Promise<Answer> {
  const seconds = signal ? plan.timeoutSeconds : TIMEOUT_SECONDS;
  const timeout = AbortSignal.timeout(seconds * 1000);
  const entityTag = gate.entity_tag(plan.feed);
  const headers: Record<string, string> = { accept: plan.accept };
  if (entityTag) {
    headers["if-none-match"] = entityTag;
  }
  const url = signal ? plan.url : nameOf(plan);
  const init: RequestInit = {
    headers,
    // A redirect could lead anywhere; its status is refused by the core.
    redirect: "manual",
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  const response = await (options.fetch ?? fetch)(url, init);
  return {
    status: response.status,
    headers: [...response.headers].flat().join("\0"),
    body: await readBody(response, plan.maximumBytes + 1),
  };
}

/** No more bytes than tell that there are too many. */
async function readBody(response: Response, maximum: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader && length < maximum) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    chunks.push(value);
    length += value.length;
  }
  if (length >= maximum) {
    await reader?.cancel().catch(() => undefined);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

/** Leaves the document in force where other isolates look. */
async function keep({ gate, plan, documents }: Errand, received: number): Promise<void> {
  const body = documents.length > 0 ? gate.publication(plan.feed) : undefined;
  if (!body) {
    return;
  }
  const entityTag = gate.entity_tag(plan.feed) || null;
  const kept: Kept = { body: new TextDecoder().decode(body), entityTag, received };
  // A place that fails costs speed, not access.
  await Promise.allSettled(documents.map((tier) => tier.put(nameOf(plan), kept)));
}

/** The URL without the wish to be kept waiting, which the core adds at the end. */
function nameOf({ kind, url }: Plan): string {
  return kind === "status list" ? url.replace(/[?&]wait=\d+$/, "") : url;
}

/** What the core says of an answer. Once it was accepted, what was decided before may be wrong. */
function hear(errand: Errand, from: FetchEvent["from"], tell: (at: number) => string): Told {
  const { standing, now } = errand;
  const at = now();
  standing.notice(at);
  let told: Told | undefined;
  try {
    told = JSON.parse(tell(at)) as Told;
  } finally {
    // Also when the core fails: whoever asks it next finds that out.
    if (told === undefined || told.outcome === "accepted") {
      standing.change();
    }
  }
  report(errand, from, told);
  return told;
}

function report({ gate, plan, options, now }: Errand, from: FetchEvent["from"], told: Told): void {
  if (!options.onFetch) {
    return;
  }
  const states = JSON.parse(gate.feeds(now())) as { issuer: string }[];
  const { outcome, problem } = told;
  const event = { kind: plan.kind, issuer: states[plan.feed]?.issuer ?? "", from, outcome };
  try {
    options.onFetch(problem === undefined ? event : { ...event, problem });
  } catch {
    // Whoever listens must not decide about access.
  }
}

const TIMEOUT_SECONDS = 5;
/** Milliseconds for a cache or a store to answer. */
const TIER_TIMEOUT = 300;
/** As often as keys are fetched where the policy does not say otherwise. */
const FIRST_KEYS_AGE = 300_000;
