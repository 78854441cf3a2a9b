import type { CurrentSession } from "@rollcall/core/contract/session.ts";
import { ensureStartLink } from "@rollcall/server/features/access/start-link.ts";
import type { Answer, CallOptions, TestServer } from "./start-test-server.ts";

/** Calls the API as a browser does: keeps the session cookie, and sends the token against forged requests. */
export type TestBrowser = {
  readonly call: <Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options?: CallOptions,
  ) => Promise<Answer<Body>>;
  /** What the server set last, without its attributes; undefined when there is none. */
  readonly cookie: () => string | undefined;
  readonly csrfToken: () => string | null;
};

export const goodPassword = "correct horse battery";

export function openBrowser(server: TestServer, cookie?: string): TestBrowser {
  let kept = cookie;
  let csrfToken: string | null = null;
  return {
    call: async <Body>(method: string, path: string, body?: unknown, options: CallOptions = {}) => {
      const headers = {
        ...(kept === undefined ? {} : { cookie: kept }),
        ...(csrfToken === null ? {} : { "x-csrf-token": csrfToken }),
        ...options.headers,
      };
      const answer = await server.api<Body>(method, path, body, { token: null, ...options, headers });
      for (const set of answer.headers.getSetCookie()) {
        const [pair = ""] = set.split(";");
        kept = pair.endsWith("=") ? undefined : pair;
      }
      const { csrfToken: found } = (answer.body ?? {}) as Partial<CurrentSession>;
      csrfToken = found ?? csrfToken;
      return answer;
    },
    cookie: () => kept,
    csrfToken: () => csrfToken,
  };
}

/** A browser where a new account with the role has accepted its invitation. */
export async function browserOf(server: TestServer, role: string, email = `${role}@example.com`): Promise<TestBrowser> {
  const browser = openBrowser(server);
  const { body } = await server.api<{ inviteLink: string }>("POST", "/accounts", { email, name: role, role });
  const accepted = await browser.call("POST", "/invitation", {
    token: secretOf(body.inviteLink),
    password: goodPassword,
  });
  if (accepted.status !== 200) {
    throw new Error(`The invitation of ${email} was answered with ${accepted.status}: ${accepted.text}`);
  }
  return browser;
}

/** The start link's secret, as the terminal shows it. */
export async function startToken(server: TestServer): Promise<string> {
  return secretOf((await ensureStartLink(server.database, "", server.parts.now())) ?? "");
}

export function secretOf(link: string): string {
  return link.split("#")[1] ?? "";
}
