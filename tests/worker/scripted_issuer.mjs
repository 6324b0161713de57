// An issuer as a function: answers what a test wrote down, one answer for each token request.

export const ISSUER = "https://issuer.example.com/tenant";

/** An answer of the issuer. */
export function answer(status, members = {}, headers = {}) {
  return () => Response.json(members, { status, headers });
}

/** A good one. */
export function granted(token, seconds = 300, members = {}) {
  return answer(200, { access_token: token, token_type: "Bearer", expires_in: seconds, ...members });
}

export class Script {
  /** The token requests, in order. */
  asked = [];
  metadata = { issuer: ISSUER, token_endpoint: "https://issuer.example.com/token" };
  #answers;
  #seconds = 0;

  constructor(...answers) {
    this.#answers = answers;
  }

  now = () => this.#seconds * 1000;

  advance(seconds) {
    this.#seconds += seconds;
  }

  fetch = async (url, init) => {
    if (url === "https://issuer.example.com/.well-known/oauth-authorization-server/tenant") {
      return Response.json(this.metadata);
    }
    if (url !== this.metadata.token_endpoint) {
      throw new Error(`nobody should ask for ${url}`);
    }
    const body = String(init.body);
    this.asked.push({ headers: new Headers(init.headers), body, redirect: init.redirect });
    const next = this.#answers.shift();
    return next ? next() : Response.error();
  };
}
