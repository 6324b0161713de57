// Where is the token endpoint? (RFC 8414)

import { exchange, type Answer } from "./exchange.js";
import { fail, retryAfter } from "./failure.js";
import type { Settings } from "./options.js";
import { mayGetSecrets, metadataUrls, parseUrl } from "./url.js";

/** Asks the issuer for its token endpoint. */
export async function tokenEndpoint(settings: Settings): Promise<string> {
  const [first, second] = metadataUrls(settings.issuer) as [string, string];
  const answer = await exchange(settings, first, {});
  return answer.status === 404
    ? endpoint(settings, second, await exchange(settings, second, {}))
    : endpoint(settings, first, answer);
}

function endpoint(settings: Settings, url: string, answer: Answer): string {
  const { status, headers, members } = answer;
  if (status === 429 || status >= 500) {
    fail("ERR_TOKEN_BUSY", `${url}: status ${status}`, retryAfter(headers, settings.now()));
  }
  if (status !== 200) {
    refuse(url, `status ${status} instead of 200; check the issuer`);
  }
  // RFC 8414 s3.3: else any host could speak for any issuer.
  if (members["issuer"] !== settings.issuerName) {
    refuse(url, "the metadata of another issuer; write it as its metadata do, byte for byte");
  }
  const methods = members["token_endpoint_auth_methods_supported"];
  if (Array.isArray(methods) && !methods.includes("client_secret_basic")) {
    refuse(url, "the issuer does not take client_secret_basic");
  }
  return checked(settings, url, members["token_endpoint"]);
}

function checked(settings: Settings, url: string, value: unknown): string {
  const endpoint = typeof value === "string" ? parseUrl(value) : undefined;
  if (!endpoint || !mayGetSecrets(endpoint, settings.issuer)) {
    return refuse(url, "no token_endpoint with https");
  }
  return endpoint.href;
}

function refuse(url: string, problem: string): never {
  return fail("ERR_TOKEN_METADATA", `${url}: ${problem}`);
}
