// Times in words. Seconds since 1970, as in tokens.

/** "2026-11-26 04:37:51 UTC"; nothing if no calendar has such a day. */
export function stamp(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toISOString().replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}

/** "3 minutes", "1 hour 20 minutes": two units at the most. */
export function duration(seconds: number): string {
  let rest = Math.round(Math.abs(seconds));
  if (rest === 0) return "0 seconds";
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push(`${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`);
    // Days after years, but no seconds after them.
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
    rest -= count * length;
  }
  return parts.join(" ");
}

/** "in 3 minutes", "5 minutes ago", "now". */
export function relative(seconds: number, now: number): string {
  const difference = Math.round(seconds - now);
  if (difference === 0) return "now";
  return difference > 0 ? `in ${duration(difference)}` : `${duration(difference)} ago`;
}

/** Milliseconds since 1970 of a text such as `2026-11-26 04:37:51 UTC`, or of seconds; nothing if it is neither. */
export function readTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d{1,12}(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?)\s*(UTC|Z)?$/i.exec(trimmed);
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

const UNITS: readonly (readonly [string, number])[] = [
  ["year", 31_536_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
