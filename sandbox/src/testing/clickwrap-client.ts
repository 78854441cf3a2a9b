import type { IroncladSandbox } from "../start-ironclad-sandbox.ts";

/** What JSON.parse gives: the tests assert what is inside. */
type Json = ReturnType<typeof JSON.parse>;

export type Envelope = {
  readonly page: number;
  readonly per_page: number;
  readonly count: number;
  readonly total_count?: number | null;
  readonly has_more?: boolean;
  readonly data: Json[];
};

export type Answered = { readonly status: number; readonly headers: Headers; readonly text: string };

/** The few requests the sandbox's own tests make, without any of the care a real client needs. */
export function clickwrapClient(sandbox: IroncladSandbox) {
  let token: string | undefined;
  const mint = async (
    body: Readonly<Record<string, string>> = {
      grant_type: "client_credentials",
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
    },
    options: { readonly json?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
  ) => {
    const sent = options.json
      ? { body: JSON.stringify(body), headers: { "content-type": "application/json", ...options.headers } }
      : { body: new URLSearchParams(body), headers: { ...options.headers } };
    return read(await fetch(`${sandbox.url}/oauth/token`, { method: "POST", redirect: "manual", ...sent }));
  };
  const authorization = async () => {
    token ??= JSON.parse((await mint()).text).access_token as string;
    return { authorization: `Bearer ${token}` };
  };
  const get = async (path: string, init: RequestInit = {}) => {
    const headers = await authorization();
    return read(await fetch(`${sandbox.url}/v1.1${path}`, { redirect: "manual", headers, ...init }));
  };
  return {
    mint,
    get,
    page: async (path: string) => JSON.parse((await get(path)).text) as Envelope,
    patch: async (path: string, body: string) => {
      const headers = await authorization();
      return read(await fetch(`${sandbox.url}/v1.1${path}`, { method: "PATCH", headers, body }));
    },
    control: async (method: string, path: string, body?: unknown) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await read(await fetch(`${new URL(sandbox.url).origin}/_sandbox${path}`, { method, ...sent }));
      return { status: answer.status, json: JSON.parse(answer.text) };
    },
    forgetToken: () => {
      token = undefined;
    },
  };
}

async function read(response: Response): Promise<Answered> {
  return { status: response.status, headers: response.headers, text: await response.text() };
}
