// The proofs that were used, for all isolates everywhere: a Durable Object is in one place and does one thing at a time.
// Without it each isolate remembers its own, and a proof that was overheard could be used again at another.

import { DurableObject } from "cloudflare:workers";
import type { ReplayStore } from "edgelatch";
import type { ReplayNamespace } from "./environment.js";

/** A part of the proofs. */
export class Replays extends DurableObject {
  constructor(...inherited: ConstructorParameters<typeof DurableObject>) {
    super(...inherited);
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID");
    this.ctx.storage.sql.exec("CREATE INDEX IF NOT EXISTS seen_until ON seen (until)");
  }

  /** Notes a proof. False if it was noted before. */
  async record(id: string, seconds: number): Promise<boolean> {
    const until = Date.now() + seconds * 1000;
    const { rowsWritten } = this.ctx.storage.sql.exec("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", id, until);
    if ((await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(until + SLACK);
    }
    return rowsWritten > 0;
  }

  /** Forgets what could not be used any more anyway. */
  override async alarm(): Promise<void> {
    this.ctx.storage.sql.exec("DELETE FROM seen WHERE until < ?", Date.now());
    const [next] = this.ctx.storage.sql.exec("SELECT min(until) AS until FROM seen").toArray();
    if (typeof next?.["until"] === "number") {
      await this.ctx.storage.setAlarm(next["until"] + SLACK);
    }
  }
}

/** The same proof always meets the same object; the proofs of many callers meet many. */
export function replayStore(namespace: ReplayNamespace): ReplayStore {
  return {
    record: (id, seconds) => namespace.get(namespace.idFromName(id.slice(0, SHARD_LETTERS))).record(id, seconds),
  };
}

const SHARD_LETTERS = 2;
const SLACK = 60_000;
