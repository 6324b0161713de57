// Where documents outlive an isolate: the cache of a data centre, then a store for all of them. What lies there is
// checked like what comes from the issuer, and it never takes the place of something newer.

import type { DocumentStore, GuardOptions } from "./types.js";

/** A document as it is kept. */
export interface Kept {
  readonly body: string;
  readonly entityTag: string | null;
  /** When the issuer last vouched for it, milliseconds since 1970. */
  readonly received: number;
}

/** One place where documents are kept. */
export interface Tier {
  readonly name: "cache" | "store";
  get(url: string): Promise<Kept | undefined>;
  put(url: string, document: Kept): Promise<unknown>;
}

/** The places, the nearest first. */
export type Documents = readonly Tier[];

export function documentsOf(options: GuardOptions): Documents {
  const tiers: Tier[] = [];
  const cache = options.cache ?? defaultCache();
  if (cache) {
    tiers.push(cacheTier(cache));
  }
  if (options.store) {
    tiers.push(storeTier(options.store));
  }
  return tiers;
}

/** Only Workers have a cache that is meant for this. */
function defaultCache(): Cache | undefined {
  return (globalThis as { caches?: { default?: Cache } }).caches?.default;
}

function cacheTier(cache: Cache): Tier {
  return {
    name: "cache",
    async get(url) {
      const response = await cache.match(keyUrl(url));
      return response && read(await response.text());
    },
    async put(url, document) {
      const headers = { "content-type": "application/json", "cache-control": `max-age=${KEEP_SECONDS}` };
      await cache.put(keyUrl(url), new Response(JSON.stringify(document), { headers }));
    },
  };
}

function storeTier(store: DocumentStore): Tier {
  const written = new Map<string, number>();
  return {
    name: "store",
    async get(url) {
      const text = await store.get(keyUrl(url));
      return text ? read(text) : undefined;
    },
    async put(url, document) {
      const last = written.get(url) ?? -Infinity;
      if (Math.abs(document.received - last) < STORE_INTERVAL) {
        return;
      }
      written.set(url, document.received);
      await store.put(keyUrl(url), JSON.stringify(document), { expirationTtl: KEEP_SECONDS });
    },
  };
}

/** A name that no site has, so that nothing else lies there. */
function keyUrl(url: string): string {
  return `https://edgelatch.invalid/documents/1/${encodeURIComponent(url)}`;
}

/** Others may write there as well: what has another form is as good as nothing. */
function read(text: string): Kept | undefined {
  let value: Partial<Kept> | null;
  try {
    value = JSON.parse(text) as Partial<Kept> | null;
  } catch {
    return undefined;
  }
  const { body, entityTag = null, received } = value ?? {};
  if (typeof body !== "string" || typeof received !== "number") {
    return undefined;
  }
  return { body, entityTag: typeof entityTag === "string" ? entityTag : null, received };
}

/** Milliseconds between two writes of a document: a store is for the next isolate of another place, and writes cost. */
const STORE_INTERVAL = 60_000;
/** A day: after an outage old keys are better than none, and the core has limits of its own. */
const KEEP_SECONDS = 86_400;
