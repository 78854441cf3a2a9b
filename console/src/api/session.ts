import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type {
  AcceptInvitation,
  ChangePassword,
  CurrentSession,
  Session,
  SignIn,
  Start,
} from "@rollcall/core/contract/session.ts";
import { queryOptions } from "@tanstack/react-query";
import { callApi, rememberCsrfToken } from "./client.ts";
import { itemOptions } from "./list-options.ts";
import { ProblemError } from "./problem-error.ts";

/** Who is signed in; null when nobody is. */
export const sessionOptions = queryOptions({
  queryKey: ["/session"],
  queryFn: async ({ signal }): Promise<CurrentSession | null> => {
    try {
      return remembered(await callApi<CurrentSession>("GET", "/session", { signal }));
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** The sessions of the signed-in account, in all its browsers. */
export const sessionListOptions = itemOptions<ListOf<Session>>("/session/list");

export async function signIn(body: SignIn): Promise<void> {
  remembered(await callApi<CurrentSession>("POST", "/session", { body }));
}

/** Makes the administrator with the one-time link of the terminal, and signs in. */
export async function firstStart(body: Start): Promise<void> {
  remembered(await callApi<CurrentSession>("POST", "/start", { body }));
}

/** Chooses a password with the link of an invitation, and signs in. */
export async function acceptInvitation(body: AcceptInvitation): Promise<void> {
  remembered(await callApi<CurrentSession>("POST", "/invitation", { body }));
}

export async function changePassword(body: ChangePassword): Promise<void> {
  remembered(await callApi<CurrentSession>("POST", "/session/password", { body }));
}

export const endSession = (id: string) => callApi<null>("DELETE", `/session/list/${encodeURIComponent(id)}`);

export async function signOut(): Promise<void> {
  await callApi("DELETE", "/session");
  rememberCsrfToken(null);
}

function remembered(session: CurrentSession): CurrentSession {
  rememberCsrfToken(session.csrfToken);
  return session;
}
