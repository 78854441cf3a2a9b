import { randomBytes } from "node:crypto";

export type TokenState = { readonly number: number; readonly expiresAt: number | null };

export type TokenStore = {
  readonly mint: (options: { readonly lifetimeMs: number | null; readonly revokeOthers: boolean }) => string;
  /** The token's state, or undefined when it is unknown, expired or revoked. */
  readonly find: (token: string) => TokenState | undefined;
  readonly revokeAll: () => void;
};

/** Opaque tokens of 44 characters, the length of the one public sample. */
export function createTokenStore(now: () => number): TokenStore {
  const live = new Map<string, TokenState>();
  let minted = 0;
  return {
    mint: ({ lifetimeMs, revokeOthers }) => {
      if (revokeOthers) live.clear();
      const token = randomBytes(33).toString("base64url");
      live.set(token, { number: ++minted, expiresAt: lifetimeMs === null ? null : now() + lifetimeMs });
      return token;
    },
    find: (token) => {
      const state = live.get(token);
      if (state === undefined || (state.expiresAt !== null && state.expiresAt <= now())) return undefined;
      return state;
    },
    revokeAll: () => live.clear(),
  };
}
