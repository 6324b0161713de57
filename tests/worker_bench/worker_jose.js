// A Worker that checks its callers' tokens with jose, as its documentation shows.

import { env } from "cloudflare:workers";
import { createLocalJWKSet, jwtVerify } from "jose";

const keys = createLocalJWKSet(env.KEY_SET);
const options = {
  issuer: env.ISSUER,
  audience: env.AUDIENCE,
  algorithms: ["ES256", "RS256", "EdDSA"],
  typ: "at+jwt",
};

export default {
  async fetch(request) {
    const authorization = request.headers.get("authorization") ?? "";
    try {
      await jwtVerify(authorization.slice("Bearer ".length), keys, options);
    } catch {
      return new Response("no", { status: 401 });
    }
    return new Response("ok");
  },
};
