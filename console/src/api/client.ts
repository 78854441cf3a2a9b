import type { Problem } from "@rollcall/core/contract/problem.ts";
import { localProblem, ProblemError } from "./problem-error.ts";

/** The one way to the API. Answers that are not 2xx become a ProblemError. */

export type QueryValues = Readonly<Record<string, string | number | undefined>>;
type Options = {
  readonly body?: unknown;
  readonly query?: QueryValues;
  readonly signal?: AbortSignal;
  /** The revision that a change was made for; another one in between is refused instead of overwritten. */
  readonly revision?: number | undefined;
};

let csrfToken: string | null = null;

/** The token that proves a change was asked for by this page; the server gives it with the session. */
export function rememberCsrfToken(token: string | null): void {
  csrfToken = token;
}

export async function callApi<Answer>(method: string, path: string, options: Options = {}): Promise<Answer> {
  const response = await send(method, path, options);
  const text = await response.text().catch(() => "");
  if (!response.ok) throw new ProblemError(readProblem(response.status, text));
  return (text === "" ? null : JSON.parse(text)) as Answer;
}

/** The address of a call, for links and for reading events. */
export function apiUrl(path: string, query: QueryValues = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return `/api/v1${path}${given.length === 0 ? "" : `?${new URLSearchParams(given)}`}`;
}

async function send(method: string, path: string, { body, query, signal, revision }: Options): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET" && csrfToken !== null) headers["x-csrf-token"] = csrfToken;
  if (revision !== undefined) headers["if-match"] = `"${revision}"`;
  try {
    return await fetch(apiUrl(path, query), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ProblemError(
      localProblem(
        "console.unreachable",
        "The server does not answer.",
        "Check that Rollcall runs and that you are connected to it, then try again.",
      ),
    );
  }
}

function readProblem(status: number, text: string): Problem {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "code" in parsed && "detail" in parsed) {
      return { ...unexpected(status), ...(parsed as Partial<Problem>) };
    }
  } catch {
    // Not JSON: a proxy in between answered, and its page says nothing that helps here.
  }
  return unexpected(status);
}

function unexpected(status: number): Problem {
  const detail = `The server answered ${status} without saying why.`;
  const nextStep = "Try again; if it stays so, look at the server's log.";
  return { ...localProblem("console.unexpected_answer", detail, nextStep), status };
}
