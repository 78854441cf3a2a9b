import type { Database } from "../../postgres/database.ts";
import { type Actor, permissionsOf } from "./find-actor.ts";
import { before, idleMilliseconds } from "./session-lifetime.ts";
import { findSessionHolder } from "./session-queries.ts";
import { csrfTokenOf, hashSecret } from "./session-secret.ts";
import { touchSession } from "./session-store.ts";

// Not every call writes: the end of an idle session is exact to this.
const touchEvery = 60_000;

/** The actor of a session cookie; undefined when the session ended, or its account is disabled. */
export async function findSessionActor(database: Database, secret: string, now: Date): Promise<Actor | undefined> {
  const idleSince = before(now, idleMilliseconds);
  const holder = await findSessionHolder(database, hashSecret(secret), { now, idleSince });
  if (holder === undefined) {
    return undefined;
  }
  if (holder.lastUsedAt < before(now, touchEvery)) {
    await touchSession(database, holder.id, now);
  }
  return {
    accountId: holder.accountId,
    role: holder.role,
    permissions: new Set(permissionsOf(holder.role, ["*"])),
    session: { id: holder.id, csrfToken: csrfTokenOf(secret) },
  };
}
