// What a token source is told, checked once.

import { EdgelatchError } from "../error.js";
import { issuerUrl, parseUrl } from "./url.js";

export interface TokenSourceOptions {
  /** The issuer, byte for byte as its metadata name it: https, or http on loopback. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Scopes separated by spaces, or a list. Default: what the issuer gives this client. */
  scope?: string | readonly string[];
  /** The API that the token is for (RFC 8707): an absolute URL, or several. */
  resource?: string | readonly string[];
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** The clock, in milliseconds since 1970; for tests. */
  now?: () => number;
}

/** The same, checked. */
export interface Settings {
  readonly issuer: URL;
  /** As it was written: metadata must repeat it. */
  readonly issuerName: string;
  /** The whole `Authorization` line of the client. Never in a message. */
  readonly credentials: string;
  /** The body of the token request. */
  readonly form: string;
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** Throws if no token could ever come of these options. */
export function checkOptions(options: TokenSourceOptions): Settings {
  const clientId = text(options.clientId, "clientId");
  const clientSecret = text(options.clientSecret, "clientSecret");
  const issuerName = text(options.issuer, "issuer");
  const issuer = issuerUrl(issuerName);
  if (!issuer) {
    throw wrong("issuer", "must be an https URL without query and fragment, or http on loopback, such as https://issuer.example.com");
  }
  return {
    issuer,
    issuerName,
    credentials: `Basic ${btoa(`${encoded(clientId)}:${encoded(clientSecret)}`)}`,
    form: form(options),
    // Not kept as a method: the global one refuses to be called on another object.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    now: options.now ?? Date.now,
  };
}

function form(options: TokenSourceOptions): string {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  const scopes = list(options.scope).join(" ");
  if (scopes !== "") {
    form.set("scope", scopes);
  }
  for (const resource of list(options.resource)) {
    if (!parseUrl(resource) || resource.includes("#")) {
      throw wrong("resource", "must be an absolute URL without fragment, such as https://api.example.com");
    }
    form.append("resource", resource);
  }
  return form.toString();
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "") {
    throw wrong(name, "must be a text that is not empty");
  }
  return value;
}

/** RFC 6749 s2.3.1: both halves are form-encoded first, so that a colon in the id does not end it. */
function encoded(half: string): string {
  return new URLSearchParams({ half }).toString().slice("half=".length);
}

/** Says which option is wrong, not what it holds: it may be the secret. */
function wrong(option: string, demand: string): EdgelatchError {
  return new EdgelatchError("ERR_TOKEN_OPTIONS", `tokenSource: ${option} ${demand}`, option);
}
