// The examples: one good token, and neighbours of it that differ in one thing.

import { encode, makeKey, makeKeyIfPossible, mint, mintProof, thumbprint, type SigningKey } from "./mint.js";
import { pretty, type JsonObject } from "./text.js";

/** What an example fills in; the rest is as in the good one. */
export interface Filling {
  method: string;
  path: string;
  token: string;
  proof: string;
  source: string;
}

export interface Example {
  id: string;
  group: "Admitted" | "Refused: 401" | "Refused: 403";
  label: string;
  /** What is special about it. */
  hint: string;
  make(kit: Kit): Promise<Partial<Filling>>;
}

/** The keys of the examples, and the time at which they are filled in. */
export interface Kit {
  issuer: SigningKey;
  /** Where the browser has Ed25519. */
  modern: SigningKey | undefined;
  holder: SigningKey;
  /** Seconds. */
  now: number;
}

export async function makeKit(): Promise<Kit> {
  const [issuer, modern, holder] = await Promise.all([
    makeKey("ES256", "example-es256"),
    makeKeyIfPossible("Ed25519", "example-ed25519"),
    makeKey("ES256", "holder"),
  ]);
  return { issuer, modern, holder, now: 0 };
}

/** The policy of all examples, with the public keys that were just made. */
export function examplePolicy(kit: Kit): string {
  const keys = [kit.issuer, kit.modern].flatMap((key) => (key === undefined ? [] : [key.jwk]));
  return pretty({
    issuers: [{ issuer: ISSUER, audiences: [AUDIENCE], jwks: { keys } }],
    routes: [
      { name: "read-order", methods: ["GET"], path: "/orders/{id}", scopes: { all: ["orders:read"] } },
      { name: "write-order", methods: ["POST"], path: "/orders", scopes: { all: ["orders:write"] } },
      { name: "reports", methods: ["GET"], path: "/reports/{name...}", mode: "observe", scopes: { all: ["reports:read"] } },
      { name: "admin", methods: ["GET"], path: "/admin/{rest...}", clients: ["*"], networks: ["10.0.0.0/8"] },
      { name: "health", methods: ["GET"], path: "/healthz", mode: "public" },
    ],
    forward: { headers: { "x-auth-client-id": "client_id", "x-auth-scope": "scope" }, token: "strip" },
    dpop: {},
  });
}

/** The examples that this browser can make. */
export function examples(kit: Kit): readonly Example[] {
  return kit.modern === undefined ? EXAMPLES.filter((example) => example.id !== "ed25519") : EXAMPLES;
}

function header(key: SigningKey): JsonObject {
  return { alg: key.algorithm, typ: "at+jwt", kid: key.keyId };
}

function claims(now: number): JsonObject {
  return {
    iss: ISSUER,
    sub: "billing",
    client_id: "billing",
    aud: AUDIENCE,
    scope: "orders:read",
    iat: now - 60,
    exp: now + 240,
    jti: crypto.randomUUID(),
  };
}

/** A token whose claims differ from the good one's in these. */
function token(kit: Kit, different: JsonObject = {}): Promise<string> {
  return mint(header(kit.issuer), { ...claims(kit.now), ...different }, kit.issuer);
}

async function bound(kit: Kit): Promise<string> {
  return token(kit, { cnf: { jkt: await thumbprint(kit.holder) } });
}

const ISSUER = "https://issuer.example";
const AUDIENCE = "https://api.example.com";

export const EXAMPLES: readonly Example[] = [
  {
    id: "good", group: "Admitted", label: "A good token",
    hint: "Signed with ES256, for this API, four minutes to go.",
    make: async (kit) => ({ token: await token(kit) }),
  },
  {
    id: "ed25519", group: "Admitted", label: "A good token, signed with Ed25519",
    hint: "The other key of the same issuer.",
    make: async ({ now, modern, issuer }) => ({ token: await mint(header(modern ?? issuer), claims(now), modern ?? issuer) }),
  },
  {
    id: "dpop", group: "Admitted", label: "A DPoP-bound token with its proof",
    hint: "The proof is for this method, this address and this token.",
    make: async (kit) => {
      const text = await bound(kit);
      const proof = await mintProof(text, "GET", `${AUDIENCE}/orders/17`, kit.now, kit.holder);
      return { token: `DPoP ${text}`, proof };
    },
  },
  {
    id: "observe", group: "Admitted", label: "A route that only observes",
    hint: "The scope is missing, and the route reports it without refusing.",
    make: async (kit) => ({ path: "/reports/2026", token: await token(kit) }),
  },
  {
    id: "public", group: "Admitted", label: "A public route without a token",
    hint: "Open to everybody, and says so in the policy.",
    make: async () => ({ path: "/healthz", token: "" }),
  },
  {
    id: "missing", group: "Refused: 401", label: "No token",
    hint: "The request has no Authorization line.",
    make: async () => ({ token: "" }),
  },
  {
    id: "expired", group: "Refused: 401", label: "Expired",
    hint: "The good token, ten minutes later.",
    make: async (kit) => ({ token: await token({ ...kit, now: kit.now - 600 }) }),
  },
  {
    id: "audience", group: "Refused: 401", label: "For another API",
    hint: "The same issuer, another audience.",
    make: async (kit) => ({ token: await token(kit, { aud: "https://payroll.example.com" }) }),
  },
  {
    id: "none", group: "Refused: 401", label: "alg: none",
    hint: "A header that says that no signature is needed, and none.",
    make: async ({ now }) => ({ token: `${encode({ alg: "none", typ: "at+jwt" })}.${encode(claims(now))}.` }),
  },
  {
    id: "tampered", group: "Refused: 401", label: "A payload that was changed",
    hint: "A caller gave itself the scope orders:write and kept the signature.",
    make: async (kit) => {
      const [head, , signature] = (await token(kit)).split(".");
      const payload = encode({ ...claims(kit.now), scope: "orders:read orders:write" });
      return { token: `${head}.${payload}.${signature}` };
    },
  },
  {
    id: "kid", group: "Refused: 401", label: "A key that the issuer does not have",
    hint: "The header names a key that is not in the key set.",
    make: async (kit) => {
      return { token: await mint({ ...header(kit.issuer), kid: "retired-2025" }, claims(kit.now), kit.issuer) };
    },
  },
  {
    id: "typ", group: "Refused: 401", label: "An ID token in place of an access token",
    hint: "Signed by the same issuer with the same key, but made for a login.",
    make: async (kit) => ({ token: await mint({ ...header(kit.issuer), typ: "JWT" }, claims(kit.now), kit.issuer) }),
  },
  {
    id: "bearer", group: "Refused: 401", label: "A DPoP-bound token as plain Bearer",
    hint: "Stolen from its owner, without the owner's key.",
    make: async (kit) => ({ token: await bound(kit) }),
  },
  {
    id: "scope", group: "Refused: 403", label: "A scope is missing",
    hint: "A valid token that may read orders, and a request that writes one.",
    make: async (kit) => ({ method: "POST", path: "/orders", token: await token(kit) }),
  },
  {
    id: "network", group: "Refused: 403", label: "From the wrong network",
    hint: "The route is open to 10.0.0.0/8 only.",
    make: async (kit) => ({ path: "/admin/users", source: "198.51.100.7", token: await token(kit) }),
  },
  {
    id: "path", group: "Refused: 403", label: "A path with two meanings",
    hint: "One program reads /orders/../admin/users, another /admin/users.",
    make: async (kit) => ({ path: "/orders/..%2Fadmin/users", token: await token(kit) }),
  },
];
