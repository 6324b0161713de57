// Between what people type and bytes.

/** The characters of a text as bytes, one character each, as header lines and paths go over the wire. */
export function asBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

export function encodeBase64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads what a person wants to see of a segment, even where an edge would not take it; nothing if there is no way. */
export function decodeLeniently(segment: string): string | undefined {
  try {
    const text = atob(segment.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, ""));
    return new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

export type JsonObject = { readonly [member: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object that a text holds; nothing if it holds none. */
export function parseObject(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The texts of a list or of a single text. */
export function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((entry) => typeof entry === "string");
}

export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** JSON on several lines, but what fits into one line on one. */
export function pretty(value: unknown, indent = "", start = indent): string {
  const line = inline(value);
  if (typeof value !== "object" || value === null || start.length + line.length <= LINE) return line;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList
    ? value.map((entry) => deeper + pretty(entry, deeper))
    : Object.entries(value).map(([name, member]) => {
        const before = `${deeper}${JSON.stringify(name)}: `;
        return before + pretty(member, deeper, before);
      });
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${members.join(",\n")}\n${indent}${close}`;
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${inline(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

const LINE = 62;
