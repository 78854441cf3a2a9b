import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits, for session cookies and one-time links. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * The session's token against forged requests. It is made from the secret of the cookie, so it needs no place in the database,
 * changes with the session, and does not give the secret away.
 */
export function csrfTokenOf(sessionSecret: string): string {
  return createHash("sha256").update(`csrf:${sessionSecret}`).digest("base64url");
}

export function isCsrfToken(given: string, sessionSecret: string): boolean {
  const expected = Buffer.from(csrfTokenOf(sessionSecret));
  const found = Buffer.from(given);
  return found.length === expected.length && timingSafeEqual(found, expected);
}

/** What the database keeps of a secret. It has 256 random bits, so a plain hash cannot be guessed back. */
export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
