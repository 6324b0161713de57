// The table of profiles on the npm page, tried out cell by cell: what it lists is accepted, and its neighbour is not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { tableRows, words } from "./readme_page.mjs";
import { signature, signers } from "./signers.mjs";

const { createGuard } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY).href);
const [signer] = signers("issuer");
const ISSUER = "https://issuer.test";
const AUDIENCE = "https://api.test";
const CLIENT = "billing";

const rows = tableRows("Profiles").map(([name, types, clients, scopes, id, subject, audience, mark]) => {
  const [claim, ...values] = words(mark);
  return {
    profile: words(name)[0],
    types: types.split(", ").map((type) => words(type)[0] ?? type),
    clients: words(clients),
    scopes: words(scopes),
    id: words(id)[0],
    needs: { id: !id.includes("optional"), sub: subject === "required", aud: audience === "required" },
    mark: claim && { claim, values },
  };
});

const PROFILES = ["rfc9068", "auth0", "cognito", "entra", "keycloak", "okta"];
/** What some issuer or other calls it, whatever the table says. */
const CLAIMS = { clients: ["client_id", "azp", "appid", "cid"], scopes: ["scope", "scp", "roles"] };
const every = (member) => [...new Set([...CLAIMS[member], ...rows.flatMap((row) => row[member])])];
let tried = 0;

/** The reason, or nothing, for a token of the issuer that a row describes, with some claims changed. */
async function outcome(row, claims = {}, type = row.types[0], wanted = []) {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: ISSUER, aud: AUDIENCE, sub: "somebody", iat: now, exp: now + 60,
    [row.clients[0]]: CLIENT, [row.id]: "one", ...(row.mark && { [row.mark.claim]: row.mark.values[0] }), ...claims,
  };
  const encoded = [{ alg: "ES256", kid: signer.kid, typ: type === "missing" ? undefined : type }, all].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const text = encoded.join(".");
  const token = `${text}.${signature(signer, text).toString("base64url")}`;
  const issuer = { issuer: ISSUER, audiences: [AUDIENCE, CLIENT], jwks: { keys: [signer.jwk] }, profile: row.profile };
  const allowed = wanted.length > 0 ? { scopes: { all: wanted } } : { clients: ["*"] };
  const guard = createGuard({ issuers: [issuer], routes: [{ name: "all", methods: ["GET"], path: "/", ...allowed }] });
  const headers = [["authorization", `Bearer ${token}`]];
  const verdict = await guard.check({ method: "GET", host: "api.test", path: "/", headers });
  tried += 1;
  assert.ok(!verdict.ok || verdict.client === CLIENT);
  return verdict.code;
}

test("the table has every profile", () => {
  assert.deepEqual(rows.map(({ profile }) => profile).sort(), [...PROFILES].sort());
});

for (const row of rows) {
  const { profile, types, clients, scopes, id, needs, mark } = row;
  const nobody = Object.fromEntries(clients.map((name) => [name, undefined]));

  test(`${profile}: types`, async () => {
    for (const type of ["at+jwt", "JWT", "missing", "dpop+jwt"]) {
      assert.equal(await outcome(row, {}, type), types.includes(type) ? undefined : "jws.typ", type);
    }
  });

  test(`${profile}: who the client is`, async () => {
    for (const name of every("clients")) {
      assert.equal(await outcome(row, { ...nobody, [name]: CLIENT }), clients.includes(name) ? undefined : "clm.required", name);
    }
    for (const other of clients.slice(1)) {
      assert.equal(await outcome(row, { [other]: CLIENT }), undefined);
      assert.equal(await outcome(row, { [other]: "another" }), "clm.required");
    }
  });

  test(`${profile}: scopes`, async () => {
    for (const name of every("scopes")) {
      const expected = scopes.includes(name) ? undefined : "pol.scope";
      assert.equal(await outcome(row, { [name]: "read write" }, types[0], ["read"]), expected, name);
      const listed = await outcome(row, { [name]: ["read", "write"] }, types[0], ["read"]);
      assert.equal(listed, name === "scope" && expected === undefined ? "clm.scope" : expected, `${name} as a list`);
    }
    const one = Object.fromEntries(scopes.map((name) => [name, `of-${name}`]));
    assert.equal(await outcome(row, one, types[0], Object.values(one)), undefined);
  });

  test(`${profile}: what may be missing`, async () => {
    for (const [claim, isNeeded, reason] of [[id, needs.id, "clm.required"], ["sub", needs.sub, "clm.required"], ["aud", needs.aud, "clm.aud"]]) {
      assert.equal(await outcome(row, { [claim]: undefined }), isNeeded ? reason : undefined, claim);
    }
    for (const [claim, reason] of [["iss", "clm.iss"], ["exp", "clm.exp"], ["iat", "clm.iat"]]) {
      assert.equal(await outcome(row, { [claim]: undefined }), reason, claim);
    }
    assert.equal(await outcome(row, { aud: "https://other.test" }), "clm.aud");
  });

  test(`${profile}: what says that it is an access token`, async () => {
    for (const value of mark?.values ?? []) {
      assert.equal(await outcome(row, { [mark.claim]: value }), undefined, value);
    }
    for (const value of mark ? ["ID", "id", undefined] : []) {
      assert.equal(await outcome(row, { [mark.claim]: value }), "clm.required", value);
    }
    assert.equal(await outcome(row), undefined);
  });
}

test("enough was tried", () => {
  console.log(`tried: ${tried}`);
  assert.ok(tried > 100, `${tried}`);
});
