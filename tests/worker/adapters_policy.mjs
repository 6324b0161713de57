// A policy with its own key, tokens for it, and certificates.

import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.NODE_MODULES, "x.js"));
const { exportJWK, generateKeyPair, SignJWT } = require("jose");

const { privateKey, publicKey } = await generateKeyPair("ES256");
const key = { ...(await exportJWK(publicKey)), kid: "one", alg: "ES256", use: "sig" };

export const policy = {
  issuers: [{ issuer: "https://issuer.example.com", audiences: ["https://api.example.com"], jwks: { keys: [key] } }],
  client_certificate: { from: "connection" },
  routes: [
    { name: "here", methods: ["GET"], path: "/orders/here", networks: ["127.0.0.0/8"], scopes: { all: ["orders:read"] } },
    { name: "elsewhere", methods: ["GET"], path: "/orders/elsewhere", networks: ["10.0.0.0/8"], scopes: { all: ["orders:read"] } },
    { name: "read", methods: ["GET"], path: "/orders/{id}", scopes: { all: ["orders:read"] } },
    { name: "write", methods: ["POST"], path: "/orders/{id}", scopes: { all: ["orders:write"] } },
  ],
};

/** A token that is good but for what is given. */
export function minted(claims) {
  const all = { client_id: "billing", scope: "orders:read", ...claims };
  return new SignJWT(all)
    .setProtectedHeader({ alg: "ES256", kid: "one", typ: "at+jwt" })
    .setIssuer("https://issuer.example.com").setAudience("https://api.example.com").setSubject("billing")
    .setIssuedAt().setExpirationTime("5m").setJti(crypto.randomUUID())
    .sign(privateKey);
}

/** The certificates that the test was given. */
export function tls() {
  const read = (name) => readFileSync(join(process.env.CERTIFICATES, name));
  const pair = (name) => ({ cert: read(`${name}.pem`), key: read(`${name}-key.pem`) });
  const der = new X509Certificate(read("client.pem")).raw;
  const thumbprint = createHash("sha256").update(der).digest("base64url");
  return { authority: read("authority.pem"), server: pair("server"), client: pair("client"), thumbprint };
}
