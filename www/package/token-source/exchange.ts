// One exchange with the issuer, bounded in time and size.

import { fail } from "./failure.js";
import type { Settings } from "./options.js";

/** The answer: its JSON object, or an empty one if it is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Asks the issuer. Redirects are not followed: they could take a secret anywhere. */
export async function exchange(settings: Settings, url: string, init: RequestInit): Promise<Answer> {
  try {
    const headers = { accept: "application/json", ...init.headers };
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await settings.fetch(url, { ...init, headers, signal, redirect: "manual" });
    const members = membersOf(await bounded(response));
    return { status: response.status, headers: response.headers, members };
  } catch (error) {
    return fail("ERR_TOKEN_UNREACHABLE", `no answer from ${url}: ${reason(error)}; check that the issuer runs and can be reached`);
  }
}

/** The body as text; empty if it is too long to be what was asked for. */
async function bounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MAXIMUM_BYTES) {
      await reader?.cancel();
      return "";
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The system's word for it, such as ECONNREFUSED. Other texts may hold what was sent. */
function reason(error: unknown): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  const words = [cause?.code, name].filter((word) => typeof word === "string" && /^\w{3,40}$/.test(word));
  return String(words[0] ?? "failed");
}

/** The longest time that an exchange takes. */
export const TIMEOUT = 5_000;

const MAXIMUM_BYTES = 64 * 1024;
