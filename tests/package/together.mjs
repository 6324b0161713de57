// Requests that are decided at the same time, as they come over one connection or in one turn of the event loop: each
// gets the verdict that it would get alone.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Dice } from "./dice.mjs";
import { jwt, signers } from "./signers.mjs";

const { createGuard } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY));
const NOW = 1_900_000_000;
const [signer] = signers("issuer");
const stranger = { ...signers("stranger")[0], kid: "nobody" };

function mint(client, by = signer) {
  const claims = { iss: "https://issuer.test", sub: client, client_id: client, aud: "api", iat: NOW, exp: NOW + 300 };
  return jwt("at+jwt", { ...claims, jti: client }, by);
}

const POLICY = {
  issuers: [{ issuer: "https://issuer.test", audiences: ["api"], jwks_uri: "https://issuer.test/keys", cooldown_seconds: 1 }],
  routes: [
    { name: "admin", methods: ["GET"], path: "/admin", clients: ["alice"] },
    { name: "low", methods: ["GET"], path: "/low", clients: ["*"] },
    { name: "seen", methods: ["GET"], path: "/seen", clients: ["alice"], mode: "observe" },
    { name: "open", methods: ["GET"], path: "/open", mode: "public" },
  ],
};
const PATHS = ["/admin", "/low", "/seen", "/open", "/none"];

/** A guard that has its keys, whose issuer may go down, at a time that moves. */
async function guardWith(crypto) {
  const state = { now: NOW * 1000, isDown: false };
  const fetch = async () => {
    if (state.isDown) {
      return new Response("", { status: 503 });
    }
    return Response.json({ keys: [signer.jwk] });
  };
  const guard = createGuard(POLICY, { crypto, fetch, now: () => state.now, patience: 50 });
  assert.equal((await guard.check(requestTo("/low", mint("first")))).ok, true);
  return { state, guard };
}

function requestTo(path, token) {
  return { method: "GET", host: "api.test", path, headers: token ? [["authorization", `Bearer ${token}`]] : [] };
}

function told(verdict) {
  return verdict.ok ? ["ok", verdict.client, verdict.route, verdict.wouldDeny, verdict.claims?.jti] : [verdict.code, verdict.client];
}

for (const crypto of ["fastest", "webcrypto", "wasm"]) {
  test(`requests of one turn do not see each other (${crypto})`, async () => {
    const dice = new Dice(4711);
    for (let round = 0; round < 60; round += 1) {
      const tokens = ["alice", "mallory", "bob"].map((client) => mint(client));
      tokens.push(mint("alice", stranger), `${tokens[0].slice(0, -4)}AAAA`, undefined);
      const requests = Array.from({ length: 12 }, () => requestTo(dice.pick(PATHS), dice.pick(tokens)));
      const alone = [];
      for (const request of requests) {
        const { guard } = await guardWith(crypto);
        alone.push(told(await guard.check(request)));
      }
      const { guard, state } = await guardWith(crypto);
      assert.deepEqual((await Promise.all(requests.map((request) => guard.check(request)))).map(told), alone);
      // Twice more, when most come again and then are known, and the issuer cannot be asked about the others.
      state.isDown = true;
      for (let again = 0; again < 2; again += 1) {
        state.now += 5_000;
        assert.deepEqual((await Promise.all(requests.map((request) => guard.check(request)))).map(told), alone);
      }
    }
  });
}

test("requests that come one behind the other on a connection do not see each other", async () => {
  const { guard, state } = await guardWith("webcrypto");
  state.isDown = true;
  const server = createServer(async ({ method, url, headers }, response) => {
    state.now += 5_000; // So that the issuer may be asked about each unknown key.
    const lines = Object.entries(headers);
    const verdict = await guard.check({ method, host: headers.host, path: url, headers: lines });
    response.writeHead(verdict.ok ? 200 : verdict.status, { "content-length": 0 }).end();
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const forged = `authorization: Bearer ${mint("alice", stranger)}\r\n`;
  const request = (path, more, last) =>
    `GET ${path} HTTP/1.1\r\nhost: api.test\r\n${more}${last ? "connection: close\r\n" : ""}\r\n`;
  for (let round = 0; round < 20; round += 1) {
    const socket = connect(server.address().port, "127.0.0.1");
    socket.write(request("/admin", forged) + request("/open", "") + request("/low", forged) + request("/open", "", true));
    const chunks = [];
    for await (const chunk of socket) {
      chunks.push(chunk);
    }
    const statuses = Buffer.concat(chunks).toString().match(/HTTP\/1\.1 (\d+)/g);
    assert.deepEqual(statuses, ["HTTP/1.1 401", "HTTP/1.1 200", "HTTP/1.1 401", "HTTP/1.1 200"]);
  }
});

test("what is handed out cannot be changed for others", async () => {
  const { guard } = await guardWith("webcrypto");
  const request = requestTo("/low", mint("alice"));
  const refusal = await guard.check(requestTo("/low"));
  await guard.check(request);
  const verdict = await guard.check(request);
  assert.equal(await guard.check(request), verdict, "from the second time on it is the same object");
  for (const act of [
    () => (verdict.claims.client_id = "root"),
    () => (verdict.client = "root"),
    () => verdict.scopes.push("admin"),
    () => (verdict.headers["x-auth-client-id"] = "root"),
    () => (refusal.status = 200),
    () => (refusal.headers["www-authenticate"] = ""),
  ]) {
    assert.throws(act, TypeError);
  }
});
