// What the gateway finds around it. `wrangler.jsonc` explains each name to those who deploy it.

import type { DocumentStore } from "edgelatch";

/** Variables and bindings. Text where it comes from `vars`; all is checked in `set_up.ts`. */
export interface Environment {
  POLICY?: unknown;
  ORIGIN?: unknown;
  UPSTREAM?: Upstream;
  EDGELATCH_STORE?: DocumentStore;
  EDGELATCH_REPLAYS?: ReplayNamespace;
  RESOURCE?: unknown;
  PLATFORM?: unknown;
  HEALTH_PATH?: unknown;
  UPSTREAM_TIMEOUT_MS?: unknown;
}

/** A service binding, or anything else that answers requests. */
export interface Upstream {
  fetch(request: Request, init?: RequestInit): Promise<Response>;
}

/** The Durable Objects of the class `Replays`. */
export interface ReplayNamespace {
  idFromName(name: string): object;
  get(id: object): { record(id: string, seconds: number): Promise<boolean> };
}

/** The `ctx` of a request. */
export interface Context {
  waitUntil(work: Promise<unknown>): void;
}

/** What Workers have beyond the standard: the cache of the data centre. */
export interface DataCentre extends CacheStorage {
  readonly default?: Cache;
}
