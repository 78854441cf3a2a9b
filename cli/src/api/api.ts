import { problemSchema } from "@rollcall/core/contract/problem.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { ApiRefusal } from "./api-refusal.ts";
import { unreachable } from "./unreachable.ts";

/** What of a contract schema is needed to read an answer. */
export type Schema<T> = {
  readonly safeParse: (
    value: unknown,
  ) =>
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
};
type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

export type Query = Readonly<Record<string, string | number | undefined>>;

type ApiRequest = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below /api/v1; made with `apiPath` when it holds what somebody typed. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** The body as JSON, compressed with gzip, in place of `body`. */
  readonly packed?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
};

/**
 * The server's API.
 *
 * @throws ApiRefusal for problem documents; ProductError `cli.server_unreachable`, `cli.unexpected_answer`
 */
export type Api = {
  readonly url: string;
  readonly call: <T>(request: ApiRequest, answer: Schema<T>) => Promise<T>;
  /** For calls that answer with nothing. */
  readonly send: (request: ApiRequest) => Promise<void>;
  /** An answer as CSV, as it arrives. */
  readonly csv: (path: string, query?: Query) => Promise<AsyncIterable<Uint8Array>>;
};

export function createApi({ url, token, headers: more = {} }: ApiAccess): Api {
  const ask = async (
    { method, path, query = {}, body, packed, signal }: ApiRequest,
    accept: string,
  ): Promise<Response> => {
    const address = new URL(`${url}/api/v1${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const headers = {
      ...more,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      accept,
      ...(body === undefined && packed === undefined ? {} : { "content-type": "application/json" }),
      ...(packed === undefined ? {} : { "content-encoding": "gzip" }),
    };
    // A redirect followed by itself would turn a POST into a GET, and may lead to somebody else's server.
    const content = packed ?? (body === undefined ? undefined : JSON.stringify(body));
    const init = {
      method,
      headers,
      redirect: "manual",
      ...(content === undefined ? {} : { body: content }),
      ...(signal === undefined ? {} : { signal }),
    };
    const response = await reach(url, () => fetch(address, init as RequestInit));
    if (!response.ok) throw await refusalOf(url, response);
    return response;
  };
  return {
    url,
    call: async (request, answer) => read(url, await readJson(url, await ask(request, "application/json")), answer),
    send: async (request) => {
      const response = await ask(request, "application/json");
      await response.body?.cancel();
    },
    csv: async (path, query = {}) => pieces(url, await ask({ method: "GET", path, query }, "text/csv")),
  };
}

/** `token` null: for the few calls that need none; `headers` go with every call. */
type ApiAccess = {
  readonly url: string;
  readonly token: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

async function reach<T>(url: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

async function* pieces(url: string, response: Response): AsyncGenerator<Uint8Array> {
  if (!/\bcsv\b/.test(response.headers.get("content-type") ?? "")) throw notRollcall(url, response);
  if (response.body === null) return;
  try {
    for await (const piece of response.body) yield piece;
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

async function refusalOf(url: string, response: Response): Promise<Error> {
  if (response.status >= 300 && response.status < 400) {
    const target = response.headers.get("location") ?? "another address";
    return new ProductError("cli.unexpected_answer", `${url} redirects to ${target}. Use the address it leads to.`);
  }
  const problem = problemSchema.safeParse(await readJson(url, response));
  return problem.success ? new ApiRefusal(problem.data) : notRollcall(url, response);
}

async function readJson(url: string, response: Response): Promise<unknown> {
  const text = await reach(url, () => response.text());
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notRollcall(url, response, cause);
  }
}

function read<T>(url: string, value: unknown, answer: Schema<T>): T {
  const parsed = answer.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const where = first === undefined ? "" : ` (${first.path.map(String).join(".")}: ${first.message})`;
  throw new ProductError("cli.unexpected_answer", `${url} answered in a form that this version does not know${where}.`);
}

function notRollcall(url: string, response: Response, cause?: unknown): ProductError {
  const type = response.headers.get("content-type") ?? "no content type";
  const message = `${url} answered with status ${response.status} and ${type}, which no Rollcall server does.`;
  return new ProductError("cli.unexpected_answer", message, { cause });
}
