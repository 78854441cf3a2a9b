import { createHash } from "node:crypto";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { after, before as earlier } from "./session-lifetime.ts";
import { countAttempt } from "./session-store.ts";

/** Failed attempts are counted for this long, from the first on. */
export const attemptWindow = 15 * 60_000;

const mostAttempts = 10;

/**
 * Counts an attempt at a password, known e-mail address or not, and refuses when there were too many from this address: guessing
 * stops, and nobody elsewhere is locked out. Returns the key under which a success forgets them (`forgetAttempts`).
 *
 * @throws ProductError `session.too_many_attempts`
 */
export async function limitAttempts(database: Database, email: string, address: string, now: Date): Promise<Buffer> {
  const key = createHash("sha256")
    .update(`${network(address)}\n${email.trim().toLowerCase()}`)
    .digest();
  const { attempts, startedAt } = await countAttempt(database, key, now, earlier(now, attemptWindow));
  if (attempts > mostAttempts) {
    const milliseconds = after(startedAt, attemptWindow).getTime() - now.getTime();
    const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
    throw new ProductError(
      "session.too_many_attempts",
      `Too many failed attempts to sign in; wait ${Math.ceil(seconds / 60)} min.`,
      { details: { retryAfterSeconds: seconds } },
    );
  }
  return key;
}

/** Whoever has one IPv6 address has the 2^64 beside it, RFC 4291 §2.5.4. */
function network(address: string): string {
  if (!address.includes(":") || address.includes(".")) {
    return address;
  }
  const [head = "", tail = ""] = address.split("::");
  const [before, behind] = [head.split(":"), tail === "" ? [] : tail.split(":")];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => "0");
  return [...before, ...zeros, ...behind].slice(0, 4).join(":");
}
