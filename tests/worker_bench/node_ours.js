// What the package offers on Node.js.

import { createGuard, verify, verifySync } from "edgelatch";

export function open({ issuer, audience, keySet, policy }) {
  const options = { issuer, audience, jwks: keySet };
  const guard = createGuard(policy);
  const guarded = async (token) => {
    const verdict = await guard.check({
      method: "GET",
      host: "api.example.com",
      path: "/orders/17",
      scheme: "https",
      headers: [
        ["host", "api.example.com"],
        ["user-agent", "billing/1.0"],
        ["accept", "*/*"],
        ["authorization", `Bearer ${token}`],
      ],
    });
    if (!verdict.ok) {
      throw new Error(verdict.code);
    }
  };
  const inCore = (token) => verifySync(token, options);
  const byRuntime = (token) => verify(token, options);
  return {
    ours_sync_es256: { algorithm: "ES256", check: inCore },
    ours_sync_ed25519: { algorithm: "Ed25519", check: inCore },
    ours_async_es256: { algorithm: "ES256", check: byRuntime },
    ours_async_ed25519: { algorithm: "Ed25519", check: byRuntime },
    ours_sync_known: { algorithm: "ES256", check: inCore },
    ours_guard_known: { algorithm: "ES256", check: guarded },
  };
}
