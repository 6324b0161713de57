// Where secrets may go.

/** The URL of an issuer, or nothing if it is none. */
export function issuerUrl(name: string): URL | undefined {
  const url = parseUrl(name);
  const isPlain = url && !/[?#]/.test(name) && url.username === "" && url.password === "";
  return isPlain && isSafe(url) ? url : undefined;
}

/** As `URL.parse`, which Node.js 20 does not have. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** A secret goes to https only, or from an issuer on loopback to another place on loopback. */
export function mayGetSecrets(endpoint: URL, issuer: URL): boolean {
  return endpoint.username === "" && endpoint.password === ""
    && (endpoint.protocol === "https:" || (issuer.protocol === "http:" && isSafe(endpoint)));
}

/** RFC 8414 s3.1: between host and path. Then where OpenID providers that do not know of it have the same document. */
export function metadataUrls(issuer: URL): string[] {
  const path = issuer.pathname.replace(/\/$/, "");
  return [
    `${issuer.origin}/.well-known/oauth-authorization-server${path}`,
    `${issuer.origin}${path}/.well-known/openid-configuration`,
  ];
}

function isSafe(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
