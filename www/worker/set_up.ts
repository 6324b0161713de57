// From the environment to a guard, once for each isolate.

import { createGuard, EdgelatchError, type Guard, type GuardOptions, type PolicyDocument } from "edgelatch";
import bundled from "./policy.json" with { type: "json" };
import { logFetch } from "./log.js";
import { replayStore } from "./replays.js";
import type { DataCentre, Environment, Upstream } from "./environment.js";

/** A gateway that can decide. */
export interface Gateway {
  readonly guard: Guard;
  /** Whether the network tells who the client is. */
  readonly isOnCloudflare: boolean;
  readonly upstream: Upstream;
  /** Where requests go; undefined where a service binding takes them as they are. */
  readonly origin: URL | undefined;
  readonly timeout: number;
  readonly healthPath: string;
  /** The RFC 9728 document and where it is, if the gateway knows the name of the API. */
  readonly metadata: { readonly path: string; readonly document: object } | undefined;
}

/** Why there is none. */
export interface Broken {
  readonly problem: string;
}

/** The bindings of an isolate do not change. Only the settled outcome is kept, never a promise. */
let known: Gateway | Broken | undefined;

export function setUp(environment: Environment): Gateway | Broken {
  known ??= attempt(environment);
  return known;
}

function attempt(environment: Environment): Gateway | Broken {
  try {
    return build(environment);
  } catch (error) {
    // A policy that is not understood opens nothing. Other errors are ours, and open nothing either.
    const isTold = error instanceof EdgelatchError || error instanceof WrongSetting;
    return { problem: isTold ? error.message : `cannot start: ${String(error)}` };
  }
}

function build(environment: Environment): Gateway {
  const resource = environment.RESOURCE === undefined ? undefined : url(environment.RESOURCE, "RESOURCE");
  const path = `/.well-known/oauth-protected-resource${resource?.pathname.replace(/\/$/, "") ?? ""}`;
  const guard = createGuard((environment.POLICY ?? bundled) as PolicyDocument, options(environment, resource, path));
  return {
    guard,
    isOnCloudflare: environment.PLATFORM !== undefined,
    ...upstream(environment),
    timeout: milliseconds(environment.UPSTREAM_TIMEOUT_MS),
    healthPath: String(environment.HEALTH_PATH ?? "/healthz"),
    metadata: resource && { path, document: guard.metadata(String(environment.RESOURCE)) },
  };
}

function options(environment: Environment, resource: URL | undefined, path: string): GuardOptions {
  const { EDGELATCH_STORE: store, EDGELATCH_REPLAYS: replays, PLATFORM: platform } = environment;
  if (platform !== undefined && platform !== "cloudflare") {
    throw new WrongSetting('PLATFORM: "cloudflare" or nothing');
  }
  const cache = (caches as DataCentre).default;
  return {
    cache: cache ?? false,
    onFetch: logFetch,
    ...(store && { store }),
    ...(replays && { replays: replayStore(replays) }),
    ...(platform && { platform }),
    // RFC 9728 s3.1: between host and path.
    ...(resource && { resourceMetadata: `${resource.origin}${path}` }),
  };
}

function upstream({ UPSTREAM, ORIGIN }: Environment): Pick<Gateway, "upstream" | "origin"> {
  if (UPSTREAM !== undefined) {
    return { upstream: UPSTREAM, origin: undefined };
  }
  const origin = url(ORIGIN, "ORIGIN");
  if (origin.pathname !== "/" || origin.search !== "" || origin.username !== "") {
    // The policy names the paths as they are forwarded: a prefix would be forwarded, but not named.
    throw new WrongSetting("ORIGIN: scheme, host and port only, such as https://orders.internal.example.com");
  }
  return { upstream: { fetch: (request, init) => fetch(request, init) }, origin };
}

function url(value: unknown, name: string): URL {
  if (typeof value !== "string" || !URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new WrongSetting(`${name}: an http or https URL, such as https://api.example.com`);
  }
  return new URL(value);
}

function milliseconds(value: unknown = 30_000): number {
  const number = Number(value);
  if (!(number >= 1 && number <= 300_000)) {
    throw new WrongSetting("UPSTREAM_TIMEOUT_MS: 1 to 300000");
  }
  return number;
}

class WrongSetting extends Error {}
