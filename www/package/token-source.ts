// Access tokens for the calling side: one program, one client, one API.

import { checkOptions, type TokenSourceOptions } from "./token-source/options.js";
import { send } from "./token-source/send.js";
import { Supply } from "./token-source/supply.js";

export type { TokenSourceOptions };

/** Keeps background work alive after the response; the `ctx` of a Worker fits as it is. */
export interface TokenContext {
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** Hands out access tokens, and renews them before they end. */
export interface TokenSource {
  /** A token that is good for a while yet. Rejects with an `EdgelatchError` whose code begins with `ERR_TOKEN_`. */
  token(context?: TokenContext): Promise<string>;
  /** The header line that carries it. */
  headers(context?: TokenContext): Promise<{ authorization: string }>;
  /**
   * `fetch` with the token. Asks once more with a new one if the API says that the token is not valid any more.
   * Redirects are handed back unless `init.redirect` says otherwise: a token goes only where it was sent.
   */
  fetch(input: string | URL | Request, init?: RequestInit, context?: TokenContext): Promise<Response>;
}

/**
 * Tokens by the client credentials grant (RFC 6749 s4.4), from the token endpoint that the issuer's metadata name
 * (RFC 8414).
 *
 * ```ts
 * const tokens = tokenSource({ issuer: "https://issuer.example.com", clientId: "billing", clientSecret });
 * const orders = await tokens.fetch("https://api.example.com/orders/17");
 * ```
 */
export function tokenSource(options: TokenSourceOptions): TokenSource {
  const settings = checkOptions(options);
  const supply = new Supply(settings);
  const token = async (context?: TokenContext): Promise<string> => (await supply.take(context)).value;
  return {
    token,
    headers: async (context) => ({ authorization: `Bearer ${await token(context)}` }),
    fetch: (input, init, context) => send(settings, supply, input, init, context),
  };
}
