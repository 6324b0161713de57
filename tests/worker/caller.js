// A Worker on the calling side: passes requests on with a token of its own. One source for all requests of the isolate.

import { tokenSource } from "edgelatch";

let tokens;

export default {
  async fetch(request, environment, context) {
    tokens ??= tokenSource({
      issuer: environment.ISSUER,
      clientId: environment.CLIENT_ID,
      clientSecret: environment.CLIENT_SECRET,
    });
    const { pathname } = new URL(request.url);
    return tokens.fetch(environment.ORIGIN + pathname, {}, context);
  },
};
