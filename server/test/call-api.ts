export type ApiAnswer<Body = unknown> = { readonly status: number; readonly body: Body; readonly headers: Headers };

/** Calls the API at `url` with a bearer token; `Body` is the caller's claim about the answer. */
export async function callApi<Body>(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer<Body>> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, body: (json ? JSON.parse(text) : text) as Body, headers: response.headers };
}
