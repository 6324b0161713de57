// Tokens of every kind: good ones, such with one thing wrong, and such as attackers make. The parts are chosen one by
// one, so that wrong things meet as well.

import { derSignature, hmacWith, signature } from "./signers.mjs";

export const NOW = 1_900_000_000;
export const ISSUER = "https://issuer.test";
export const AUDIENCE = "https://api.test";

/** One token, and what was meant by it. */
export function token(dice, issuer, stranger) {
  const signer = chooseSigner(dice, issuer);
  const header = encode(dice, headerText(dice, signer));
  const payload = encode(dice, payloadText(dice));
  const message = `${header}.${payload}`;
  return mangle(dice, `${message}.${signatureText(dice, signer, stranger, message)}`);
}

/** RSA signatures take a thousand times as long to make. */
function chooseSigner(dice, issuer) {
  const [es256, eddsa, rs256, ps256] = issuer;
  return dice.once(40) ? dice.pick([rs256, ps256]) : dice.pick([es256, eddsa]);
}

function headerText(dice, signer) {
  const header = { alg: signer.alg, typ: "at+jwt", kid: signer.kid };
  if (dice.once(6)) {
    Object.assign(header, dice.pick(HEADERS));
  }
  return text(dice, header);
}

const HEADERS = [
  { alg: "none" },
  { alg: "HS256" },
  { alg: "ES384" },
  { alg: "RS256" },
  { alg: "Ed25519" },
  { alg: "es256" },
  { alg: ["ES256"] },
  { alg: null },
  { alg: undefined },
  { typ: "JWT" },
  { typ: "application/at+jwt" },
  { typ: "AT+JWT" },
  { typ: "dpop+jwt" },
  { typ: "statuslist+jwt" },
  { typ: undefined },
  { typ: 1 },
  { kid: "stranger-ES256" },
  { kid: "issuer-ES256" },
  { kid: "issuer-EdDSA" },
  { kid: "../../dev/null" },
  { kid: "" },
  { kid: 7 },
  { kid: undefined },
  { crit: ["exp"], exp: NOW + 60 },
  { crit: [] },
  { crit: ["b64"], b64: false },
  { b64: false },
  { b64: true },
  { jku: "https://evil.test/keys" },
  { jwk: { kty: "oct", k: "AAAA" } },
  { x5c: ["MIIB"] },
  { x5u: "https://evil.test/cert" },
  { zip: "DEF" },
  { cty: "JWT" },
  { enc: "A128GCM" },
  { extra: "\u0000" },
  { extra: { deep: [[[[{}]]]] } },
];

function payloadText(dice) {
  const claims = {
    iss: ISSUER,
    sub: dice.pick(["billing", "s", "\u00fc", "a b"]),
    client_id: "billing",
    aud: dice.pick([AUDIENCE, [AUDIENCE], ["other", AUDIENCE]]),
    iat: NOW - dice.roll(300),
    exp: NOW + 1 + dice.roll(300),
    jti: `t${dice.roll(1_000_000)}`,
    scope: dice.pick(["orders:read", "orders:read orders:write", ""]),
  };
  if (dice.once(8)) {
    claims.nbf = NOW - dice.roll(100);
  }
  for (let more = dice.pick([0, 0, 1, 1, 1, 2]); more > 0; more -= 1) {
    Object.assign(claims, dice.pick(CLAIMS));
  }
  return text(dice, claims);
}

const DATES = [0, -1, 0.5, NOW, NOW + 9, NOW + 10, NOW + 11, NOW - 11, NOW + 1e6, 1e300, 2 ** 53, -0.1, "1900000100", true, null, [], {}];
const TEXTS = ["", " ", "x".repeat(257), "a\u0000b", "a\nb", "\ud800", 7, null, true, [], ["billing"], {}, undefined];
const CLAIMS = [
  ...DATES.flatMap((date) => [{ exp: date }, { nbf: date }, { iat: date }]),
  ...TEXTS.flatMap((value) => [{ sub: value }, { client_id: value }, { jti: value }, { iss: value }, { aud: value }]),
  { iss: `${ISSUER}/` },
  { iss: ISSUER.toUpperCase() },
  { iss: [ISSUER] },
  { aud: [] },
  { aud: [AUDIENCE, 7] },
  { aud: `${AUDIENCE} other` },
  { aud: { [AUDIENCE]: true } },
  { aud: Array.from({ length: 17 }, () => AUDIENCE) },
  { scope: ["orders:read"] },
  { scope: "orders:read  admin" },
  { scope: " orders:read" },
  { scope: 'a"b' },
  { scope: null },
  { cnf: { jkt: "A".repeat(43) } },
  { cnf: { "x5t#S256": "A".repeat(43) } },
  { cnf: {} },
  { cnf: "x" },
  { cnf: null },
  { status: { status_list: { idx: 0, uri: "https://issuer.test/list" } } },
  { exp: NOW + 90_000, iat: NOW },
  { extra: { deep: Array.from({ length: 40 }, () => 0) } },
  { roles: ["admin"], azp: "other" },
];

/** JSON, now and then with what no serialiser writes. */
function text(dice, value) {
  const json = JSON.stringify(value);
  switch (dice.roll(60)) {
    case 0:
      return json.replace("{", '{"exp":1,');
    case 1:
      return json.replace("{", '{"alg":"none",');
    case 2:
      return `${json} `;
    case 3:
      return `\ufeff${json}`;
    case 4:
      return `${json}{}`;
    case 5:
      return json.slice(0, -1);
    case 6:
      return `[${json}]`;
    case 7:
      return json.replaceAll('"', "'");
    case 8:
      return `{"a":${"[".repeat(70)}${"]".repeat(70)},${json.slice(1)}`;
    case 9:
      return json.replace("{", '{"\\u0065xp":1,');
    default:
      return json;
  }
}

function encode(dice, value) {
  const bytes = Buffer.from(value, "utf8");
  switch (dice.roll(150)) {
    case 0:
      return bytes.toString("base64");
    case 1:
      return `${bytes.toString("base64url")}=`;
    case 2:
      return ` ${bytes.toString("base64url")}`;
    case 3:
      return Buffer.concat([bytes.subarray(0, 5), Buffer.from([0xff]), bytes.subarray(5)]).toString("base64url");
    case 4:
      return "";
    default:
      return bytes.toString("base64url");
  }
}

function signatureText(dice, signer, stranger, message) {
  const right = () => signature(signer, message);
  switch (dice.roll(40)) {
    case 0:
      return "";
    case 1:
      return Buffer.alloc(64).toString("base64url");
    case 2:
      return flip(dice, right()).toString("base64url");
    case 3:
      return right().subarray(1).toString("base64url");
    case 4:
      return signature(stranger[signer.alg === "EdDSA" ? 1 : 0], message).toString("base64url");
    case 5:
      return hmacWith(signer, message).toString("base64url");
    case 6:
      return (signer.alg === "ES256" ? derSignature(signer, message) : right()).toString("base64url");
    case 7:
      return otherText(right().toString("base64url"));
    default:
      return right().toString("base64url");
  }
}

function flip(dice, bytes) {
  const changed = Buffer.from(bytes);
  changed[dice.roll(changed.length)] ^= 1 << dice.roll(8);
  return changed;
}

/** Another text that sloppy decoders read as the same bytes: the last bits mean nothing. */
function otherText(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) ^ 1];
}

function mangle(dice, token) {
  switch (dice.roll(120)) {
    case 0:
      return `${token}.`;
    case 1:
      return token.replace(".", "");
    case 2:
      return token.slice(0, dice.roll(token.length));
    case 3:
      return `${token}.${token}`;
    case 4:
      return `${token.slice(0, 40)}\u0000${token.slice(40)}`;
    case 5:
      return `${token}, ${token}`;
    case 6:
      return "x".repeat(20_000);
    case 7:
      return token.replace(/[A-Za-z]/, (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()));
    default:
      return token;
  }
}
