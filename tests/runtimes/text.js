// Bytes as the package takes them: one character per byte.

/** A value of the corpus: a string of printable ASCII, or `{ hex }`. */
export function bytes(value) {
  if (typeof value === "string") {
    return value;
  }
  const pairs = value.hex.match(/../g) ?? [];
  return pairs.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join("");
}

/** What is text in the corpus, and bytes in UTF-8 on the wire. */
export function latin1(text) {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
