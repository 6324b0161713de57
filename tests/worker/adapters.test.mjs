// The adapters on real servers: Express, Fastify and Hono.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { minted, policy, tls } from "./adapters_policy.mjs";

const require = createRequire(join(process.env.NODE_MODULES, "x.js"));
const load = (name) => import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY.replace("inline.js", `${name}.js`)).href);
const express = require("express");
const fastify = require("fastify");
const { Hono } = require("hono");
const { createGuard } = await import(pathToFileURL(process.env.EDGELATCH_PACKAGE_ENTRY).href);
const adapters = { express: await load("express"), fastify: await load("fastify"), hono: await load("hono") };

/** What a handler saw. */
const seen = (verdict, headers) => ({
  client: verdict?.client,
  scopes: verdict?.scopes,
  identity: headers["x-auth-client-id"],
  override: headers["x-http-method-override"],
  other: headers["x-other"],
});

/** The same server, three times. */
const servers = {
  express(options, open) {
    const app = express();
    const orders = express.Router();
    orders.get("/:id", (request, response) => response.json(seen(request.edgelatch, request.headers)));
    orders.post("/:id", express.json(), (request, response) => response.json(request.body));
    // Behind a router the path is a part of what the client sent.
    app.use("/orders", adapters.express.edgelatch(...options), orders);
    return open(app);
  },
  async fastify([guardOrPolicy, ...rest], open) {
    const app = fastify({ serverFactory: (handler) => open(handler) });
    const isGuard = typeof guardOrPolicy.check === "function";
    await app.register(adapters.fastify.edgelatch, isGuard ? { guard: guardOrPolicy } : { policy: guardOrPolicy, ...rest[0] });
    app.get("/orders/:id", async (request) => seen(request.edgelatch, request.headers));
    app.post("/orders/:id", async (request) => request.body);
    await app.ready();
    return app.server;
  },
};

/** Listens, and stops after the tests. */
async function listen(name, options, secure) {
  const open = (handler) => (secure ? https.createServer(secure, handler) : http.createServer(handler));
  const server = await servers[name](options, open);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  return server.address().port;
}

/** One request, its header lines as they are given. */
async function ask(port, path, lines, { method = "GET", body, ...secure } = {}) {
  const client = secure.ca ? https : http;
  const headers = ["host", "api.example.com", ...lines];
  const request = client.request({ host: "127.0.0.1", port, path, method, headers, agent: false, ...secure });
  request.end(body);
  const [response] = await once(request, "response");
  const text = (await response.toArray()).join("");
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(text) };
}

const good = await minted({});
const bearer = (token) => ["authorization", `Bearer ${token}`];

for (const name of ["express", "fastify"]) {
  test(`${name}: refuses with the finished answer`, async () => {
    const port = await listen(name, [createGuard(policy)]);
    const answer = await ask(port, "/orders/17", []);
    assert.deepEqual([answer.status, answer.headers["www-authenticate"], answer.body.error], [401, "Bearer", "missing_token"]);
    const other = await ask(port, "/orders/17", bearer(await minted({ scope: "orders:write" })));
    assert.equal(other.status, 403);
    assert.match(other.headers["www-authenticate"], /scope="orders:read"/);
    assert.equal((await ask(port, "/orders/17", bearer(`${good}x`))).status, 401);
  });

  test(`${name}: a handler learns who calls, and not who claims to`, async () => {
    const port = await listen(name, [policy, { patience: 1000 }]);
    const forged = ["X-Auth-Client-Id", "administrator", "x-http-method-override", "DELETE", "x-other", "kept"];
    const { status, body } = await ask(port, "/orders/17?full=1", [...bearer(good), ...forged]);
    assert.equal(status, 200);
    assert.deepEqual(body, { client: "billing", scopes: ["orders:read"], identity: "billing", other: "kept" });
  });

  test(`${name}: sees every header line, though Node.js hands out one`, async () => {
    const port = await listen(name, [createGuard(policy)]);
    const answer = await ask(port, "/orders/17", [...bearer(good), ...bearer(good)]);
    assert.deepEqual([answer.status, answer.body.error], [400, "invalid_request"]);
    assert.equal((await ask(port, "/orders/17", ["authorization", "Bearer \xff\xfe"])).status, 401);
  });

  test(`${name}: judges the path that the client sent`, async () => {
    const port = await listen(name, [createGuard(policy)]);
    for (const path of ["/ORDERS/17", "/orders/17/", "/orders//17", "/orders/%31%37/../17"]) {
      const { status } = await ask(port, path, bearer(good));
      assert.ok(status === 403 || status === 404, `${path}: ${status}`);
    }
  });

  test(`${name}: the source is the address of the connection`, async () => {
    const port = await listen(name, [createGuard(policy)]);
    const claim = ["x-forwarded-for", "10.0.0.1", "cf-connecting-ip", "10.0.0.1"];
    assert.equal((await ask(port, "/orders/here", bearer(good))).status, 200);
    assert.equal((await ask(port, "/orders/elsewhere", [...bearer(good), ...claim])).status, 403);
  });

  test(`${name}: a body arrives as it was sent`, async () => {
    const port = await listen(name, [createGuard(policy)]);
    const token = await minted({ scope: "orders:write" });
    const type = ["content-type", "application/json", "content-length", "9"];
    const { status, body } = await ask(port, "/orders/17", [...bearer(token), ...type], { method: "POST", body: '{"a": 17}' });
    assert.deepEqual([status, body], [200, { a: 17 }]);
  });

  test(`${name}: a token that is bound to a certificate passes with that certificate only`, async () => {
    const { authority, server, client, thumbprint } = tls();
    const port = await listen(name, [createGuard(policy)], { ...server, ca: authority, requestCert: true, rejectUnauthorized: false });
    const lines = bearer(await minted({ cnf: { "x5t#S256": thumbprint } }));
    const asked = async (secure) => (await ask(port, "/orders/17", lines, { ca: authority, servername: "localhost", ...secure })).status;
    assert.equal(await asked(client), 200);
    assert.equal(await asked({}), 401);
    // A certificate that no authority vouches for is none, though TLS let it through.
    const stranger = await listen(name, [createGuard(policy)], { ...server, requestCert: true, rejectUnauthorized: false });
    const { status } = await ask(stranger, "/orders/17", lines, { ca: authority, servername: "localhost", ...client });
    assert.equal(status, 401);
  });
}

test("fastify: guards routes of others, and paths without a route", async () => {
  const port = await listen("fastify", [createGuard(policy)]);
  assert.equal((await ask(port, "/no/such/route", [])).status, 403);
});

test("hono: refuses with the finished answer, and tells a handler who calls", async () => {
  const app = new Hono();
  app.use(adapters.hono.edgelatch(policy));
  app.get("/orders/:id", (c) => c.json(seen(c.get("edgelatch"), Object.fromEntries(c.req.raw.headers))));
  const refused = await app.request("http://api.example.com/orders/17");
  assert.deepEqual([refused.status, refused.headers.get("www-authenticate")], [401, "Bearer"]);
  const headers = { authorization: `Bearer ${good}`, "x-auth-client-id": "administrator", "x-other": "kept" };
  const admitted = await app.request("http://api.example.com/orders/17", { headers });
  assert.equal(admitted.status, 200);
  assert.deepEqual(await admitted.json(), { client: "billing", scopes: ["orders:read"], identity: "billing", other: "kept" });
});

test("hono: what the host knows of a connection comes from the option", async () => {
  const app = new Hono();
  app.use(adapters.hono.edgelatch(createGuard(policy), { context: () => ({ source: "10.1.2.3" }) }));
  app.get("/orders/:id", (c) => c.text(c.get("edgelatch").route));
  const headers = { authorization: `Bearer ${good}` };
  assert.equal((await app.request("http://api.example.com/orders/elsewhere", { headers })).status, 200);
  assert.equal((await app.request("http://api.example.com/orders/here", { headers })).status, 403);
});
