// Plays the corpus in whatever runtime this is. It says what came of each case, and judges nothing: what is expected
// is known to the one who asks.

import { createGuard, EdgelatchError } from "edgelatch";
import { factsOf, forwardFacts } from "./facts.js";
import { forwardRequest, requestOf } from "./request.js";

/**
 * Input: the expanded corpus as `corpus`; who checks signatures as `crypto`; the `form` in which requests are given to
 * the package: `facts` or `request`. Cases that cannot be told in that form are skipped, and say so.
 */
export default async function replay({ corpus, crypto, form }) {
  const verifications = countVerifications();
  const outcomes = [];
  for (const entry of corpus.cases) {
    outcomes.push(await outcome(entry, corpus.policies[entry.policy], crypto, FORMS[form]));
  }
  return { outcomes, verifications: verifications() };
}

const FORMS = {
  facts: { make: factsOf, forward: forwardFacts },
  request: { make: requestOf, forward: forwardRequest },
};

/** What the package throws where it should answer is the end of this case, not of the others. */
async function outcome(entry, policy, crypto, form) {
  try {
    if (!entry.requests) {
      return { complaint: offer(policy) };
    }
    const requests = entry.requests.map((exchange) => form.make(exchange));
    return requests.includes(undefined) ? "skipped" : { exchanges: await play(entry, requests, policy, crypto, form) };
  } catch (error) {
    return { failure: `${error.stack ?? error}` };
  }
}

function offer(policy) {
  try {
    createGuard(policy);
    return null;
  } catch (error) {
    // Both are for programs; the message has the path as well, for people.
    if (error instanceof EdgelatchError && error.code === "ERR_POLICY" && error.message.startsWith(error.path ?? "")) {
      return error.message;
    }
    throw error;
  }
}

async function play({ requests: exchanges, key_sets: keySets = {} }, requests, policy, crypto, form) {
  let now = 0;
  const guard = createGuard(policy, { crypto, cache: false, now: () => now, fetch: (input) => serve(keySets, input) });
  const observed = [];
  for (const [place, exchange] of exchanges.entries()) {
    now = exchange.now * 1000;
    observed.push(await answer(guard, requests[place], exchange.source, form));
  }
  return observed;
}

/** The issuers publish what the case says, and nothing else can be reached. */
async function serve(keySets, input) {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  if (!(pathname in keySets)) {
    throw new TypeError("the corpus has no such document");
  }
  return Response.json(keySets[pathname]);
}

async function answer(guard, request, source, form) {
  const verdict = await guard.check(request, source === null ? {} : { source });
  if (!verdict.ok) {
    return refused(verdict);
  }
  return { status: 200, would_deny: verdict.wouldDeny ?? null, forwarded: form.forward(guard, request, verdict) };
}

/** The finished answer is what the client gets; the fields have to say the same. */
async function refused(verdict) {
  const { response } = verdict;
  const headers = [...response.headers];
  const body = await response.text();
  const fields = Object.entries(verdict.headers).map(([name, value]) => [name.toLowerCase(), value]);
  if (response.status !== verdict.status || body !== verdict.body || !same(fields, headers)) {
    throw new Error(`the answer differs from the verdict: ${JSON.stringify([verdict, headers, body])}`);
  }
  return { status: response.status, reason: verdict.code, headers, body };
}

function same(some, others) {
  return JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

/** How often WebCrypto is asked, so that nobody takes one way of checking for the other. */
function countVerifications() {
  const prototype = Object.getPrototypeOf(crypto.subtle);
  const { verify } = prototype;
  let count = 0;
  prototype.verify = function (...parameters) {
    count += 1;
    return verify.apply(this, parameters);
  };
  return () => {
    prototype.verify = verify;
    return count;
  };
}
