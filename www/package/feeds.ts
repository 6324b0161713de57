// Keeps key sets and lists of revoked tokens up to date, from within requests: a Worker has no other time of its own.
//
// No request waits for another's promise: on some runtimes that fails, and hangs when the other is cancelled. Who
// waits looks again from time to time, and fetches for itself when nothing comes.

import { documentsOf, type Documents } from "./documents.js";
import { fetchDocument, type Outcome } from "./fetch-document.js";
import type { Gate } from "./instance.js";
import type { Standing } from "./standing.js";
import type { CheckContext, FeedState, GuardOptions } from "./types.js";
import { sleep, within } from "./waiting.js";

/** A fetch as the core describes it. */
export interface Plan {
  readonly feed: number;
  /** Place of the issuer in the policy. */
  readonly issuer: number;
  readonly kind: "key set" | "status list";
  /** With the wish that the issuer answers when there is news, where there is one. */
  readonly url: string;
  readonly accept: string;
  readonly entityTag: string | null;
  readonly timeoutSeconds: number;
  readonly maximumBytes: number;
}

interface Feed {
  plan: Plan;
  /** When the document was last vouched for, as far as this isolate knows; milliseconds. */
  vouched: number;
  /** Until when the fetch under way may be believed in; zero if there is none. */
  lease: number;
  /** Grows with every fetch that begins. */
  began: number;
  /** The latest of them, by its beginning, that has ended. */
  ended: number;
  /** Grows with every answer. */
  answers: number;
  failures: number;
  /** Grows with every document that was taken over from another isolate. */
  adoptions: number;
  /** No list is fetched before, after a failure. */
  notBefore: number;
}

/** The feeds of one gate. */
export class Feeds {
  readonly #gate: Gate;
  readonly #standing: Standing;
  readonly #options: GuardOptions;
  readonly #now: () => number;
  readonly #documents: Documents;
  readonly #feeds: Feed[] = [];
  readonly #lists: Feed[] = [];
  #nextPoll = 0;
  /** Whether somebody else waits for news in the background. */
  watched = false;

  constructor(gate: Gate, standing: Standing, options: GuardOptions, now: () => number) {
    this.#gate = gate;
    this.#standing = standing;
    this.#options = options;
    this.#now = now;
    this.#documents = documentsOf(options);
  }

  /** Whether a request can be decided at once; starts in the background what is due. */
  isReady(now: number, context: CheckContext): boolean {
    if (now >= this.#nextPoll || now < this.#nextPoll - POLL_INTERVAL) {
      this.#nextPoll = now + POLL_INTERVAL;
      this.#startDue(now, context);
    }
    if (this.watched) {
      return true;
    }
    let isReady = true;
    for (const list of this.#lists) {
      const age = this.#age(list, now);
      if (age > this.#maximumAge() / 2 && now >= list.notBefore) {
        isReady &&= age <= this.#maximumAge();
        if (isReady && now >= list.lease) {
          keepAlive(this.#run(list, context), context);
        }
      }
    }
    return isReady;
  }

  /** Brings the lists up to date that are too old, as far as that is possible in time. */
  async refreshLists(deadline: number, context: CheckContext): Promise<void> {
    for (const list of this.#lists) {
      const isOld = (): boolean => {
        const now = this.#now();
        return this.#age(list, now) > this.#maximumAge() && now >= list.notBefore;
      };
      if (isOld()) {
        await this.#await(list, isOld, deadline, context);
      }
    }
  }

  /** Waits until a feed had an answer. False if there was none in time, or it was of no use. */
  async obtain(place: number, deadline: number, context: CheckContext): Promise<boolean> {
    this.#startDue(this.#now(), context);
    const feed = this.#feeds[place];
    if (!feed) {
      return false;
    }
    const { answers, failures, adoptions } = feed;
    await this.#await(feed, () => feed.answers === answers, deadline, context);
    return feed.answers > answers && (feed.failures <= failures || feed.adoptions > adoptions);
  }

  /** Starts whatever is due, however long the issuer holds back its answer; for `watch`. */
  follow(signal: AbortSignal): void {
    this.watched = true;
    for (const feed of this.#due(this.#now())) {
      keepAlive(this.#run(feed, {}, signal), {});
    }
  }

  states(now: number): readonly FeedState[] {
    type Told = Omit<FeedState, "ageSeconds"> & { ageSeconds: number | null };
    const states = JSON.parse(this.#gate.feeds(now)) as Told[];
    return states.map((state) => ({ ...state, ageSeconds: state.ageSeconds ?? undefined }));
  }

  /** After the clock was set back, a list that seems to come from the future is as old as can be. */
  #age(list: Feed, now: number): number {
    return now < list.vouched ? Infinity : now - list.vouched;
  }

  #maximumAge(): number {
    return this.#options.maximumListAge ?? MAXIMUM_LIST_AGE;
  }

  #startDue(now: number, context: CheckContext): void {
    if (this.watched) {
      return;
    }
    for (const feed of this.#due(now)) {
      keepAlive(this.#run(feed, context), context);
    }
  }

  /** What the core wants to have fetched now. */
  #due(now: number): Feed[] {
    const due: Feed[] = [];
    this.#standing.notice(now);
    for (let text = this.#gate.poll(now); text !== undefined; text = this.#gate.poll(now)) {
      const plan = JSON.parse(text) as Plan;
      const feed = this.#feeds[plan.feed] ?? this.#add(plan);
      feed.plan = plan;
      due.push(feed);
    }
    return due;
  }

  #add(plan: Plan): Feed {
    const feed = { plan, vouched: -Infinity, lease: 0, began: 0, ended: 0, answers: 0, failures: 0, adoptions: 0, notBefore: 0 };
    this.#feeds[plan.feed] = feed;
    if (plan.kind === "status list") {
      this.#lists.push(feed);
    }
    return feed;
  }

  /** Waits while something holds. Fetches for itself where nobody does, or whoever did was cancelled. */
  async #await(feed: Feed, holds: () => boolean, deadline: number, context: CheckContext): Promise<void> {
    for (let pause = 2; holds() && this.#now() < deadline; pause = Math.min(pause * 2, 50)) {
      if (this.#now() >= feed.lease) {
        await within(deadline - this.#now(), this.#run(feed, context));
        return;
      }
      await sleep(pause);
    }
  }

  /** Fetches; with a `signal` for as long as the issuer likes. */
  async #run(feed: Feed, context: CheckContext, signal?: AbortSignal): Promise<void> {
    feed.lease = this.#now() + (signal ? feed.plan.timeoutSeconds * 1000 : LEASE);
    await this.#awaitKeys(feed.plan, context);
    feed.began += 1;
    const mine = feed.began;
    const outcome = await fetchDocument({
      gate: this.#gate,
      standing: this.#standing,
      plan: feed.plan,
      documents: this.#documents,
      maximumAge: feed.plan.kind === "status list" ? this.#maximumAge() / 2 : KEYS_AGE,
      vouched: feed.vouched,
      options: this.#options,
      now: this.#now,
      signal,
      isOvertaken: () => feed.ended > mine,
      later: (work) => keepAlive(work, context),
    });
    if (outcome) {
      feed.ended = Math.max(feed.ended, mine);
      this.#note(feed, outcome);
    }
  }

  /** A list is signed: without the issuer's keys it would be thrown away. */
  async #awaitKeys({ kind, issuer }: Plan, context: CheckContext): Promise<void> {
    const keys = this.#feeds.find((feed) => feed?.plan.issuer === issuer && feed.plan.kind === "key set");
    if (kind === "status list" && keys) {
      await this.#await(keys, () => keys.answers === 0, this.#now() + LEASE, context);
    }
  }

  #note(feed: Feed, { isGood, vouched, isAdopted }: Outcome): void {
    feed.lease = 0;
    feed.answers += 1;
    feed.adoptions += isAdopted ? 1 : 0;
    // What comes from a clock that was ahead of this one is not believed for longer.
    feed.vouched = Math.max(feed.vouched > this.#now() ? -Infinity : feed.vouched, vouched);
    if (isGood) {
      feed.failures = 0;
      feed.notBefore = 0;
      // A list that could not be read for want of keys may be readable now.
      this.#nextPoll = 0;
      return;
    }
    feed.failures += 1;
    feed.notBefore = this.#now() + Math.min(1000 * 2 ** (feed.failures - 1), MAXIMUM_PAUSE);
  }
}

/** What nobody awaits must not end with the request, and no failure of it may surface anywhere else. */
function keepAlive(work: Promise<unknown>, context: CheckContext): void {
  const quiet = work.catch(() => undefined);
  if (context.waitUntil) {
    context.waitUntil(quiet);
  }
}

/** Milliseconds between two questions to the core what is due. It counts in seconds. */
const POLL_INTERVAL = 500;
/** Milliseconds after which a request does not wait for another's fetch any longer. */
const LEASE = 1_000;
/** Milliseconds for which a list is used without asking again: how late a revocation may be known. */
const MAXIMUM_LIST_AGE = 1_000;
/** Milliseconds for which the keys that another isolate fetched are as good as fetched here. */
const KEYS_AGE = 2_000;
/** Milliseconds between attempts when an issuer does not answer. */
const MAXIMUM_PAUSE = 30_000;
