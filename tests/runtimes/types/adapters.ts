// The adapters with the types of the frameworks themselves.

import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { createGuard } from "edgelatch";
import type { Admitted } from "edgelatch";
import { edgelatch as forExpress } from "edgelatch/express";
import { edgelatch as forFastify } from "edgelatch/fastify";
import { edgelatch as forHono, type EdgelatchVariables } from "edgelatch/hono";

const guard = createGuard({ issuers: [], routes: [] });

const hono = new Hono<{ Variables: EdgelatchVariables }>();
hono.use(forHono(guard));
hono.get("/orders/:id", (context) => context.text(context.get("edgelatch").client ?? "nobody"));
// @ts-expect-error: the middleware sets nothing of this name.
hono.get("/", (context) => context.text(context.get("user")));

const server = express();
server.use(forExpress(guard));
server.get("/orders/:id", (request, response) => {
  const verdict: Admitted | undefined = request.edgelatch;
  // @ts-expect-error: in front of the middleware there is none.
  request.edgelatch.client;
  response.send(verdict?.client);
});

const app = fastify();
app.register(forFastify, { guard });
// @ts-expect-error: a guard, or a policy for one.
app.register(forFastify, {});
app.get("/orders/:id", async (request) => request.edgelatch?.client ?? "nobody");

// @ts-expect-error: neither a guard nor a policy.
forExpress(7);
