import { type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { guardedLookup, type ResolveName } from "@rollcall/vendor-http/egress-connect.ts";
import { checkUrl, type EgressPolicy, portOf } from "@rollcall/vendor-http/egress-policy.ts";

export type PostOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterSeconds: number | null }
  /** No answer: refused by the egress policy, no connection, TLS, time-out. */
  | { readonly kind: "unanswered"; readonly problem: string };

type Post = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly policy: EgressPolicy;
  /** Injected in tests; `dns.lookup` otherwise. */
  readonly resolve?: ResolveName;
};

/** Standard Webhooks recommends 15 to 30 seconds. */
const longestMilliseconds = 15_000;

/**
 * Posts a webhook once, to an address that was checked and over a connection to one of the answers that were checked. Redirects
 * are not followed, and of the answer only the status is looked at.
 */
export async function postWebhook({ url, headers, body, policy, resolve }: Post): Promise<PostOutcome> {
  const verdict = checkUrl(policy, url);
  if (verdict.kind === "denied") {
    return { kind: "unanswered", problem: `The address is not allowed for outgoing requests: ${verdict.reason}.` };
  }
  const target = verdict.url;
  const deadline = AbortSignal.timeout(longestMilliseconds);
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
    lookup: guardedLookup(policy, portOf(target), resolve),
    agent: false,
    signal: deadline,
  };
  try {
    return await answerOf(target, options, body);
  } catch (error) {
    if (deadline.aborted) return { kind: "unanswered", problem: "There was no answer within 15 seconds." };
    return { kind: "unanswered", problem: problemOf(error) };
  }
}

async function answerOf(target: URL, options: RequestOptions, body: string): Promise<PostOutcome> {
  const { promise, resolve, reject } = Promise.withResolvers<PostOutcome>();
  const request = (target.protocol === "http:" ? requestHttp : requestHttps)(target, options, (answer) => {
    resolve({
      kind: "answered",
      status: answer.statusCode ?? 0,
      retryAfterSeconds: retryAfter(answer.headers["retry-after"]),
    });
    // Nobody reads the body, however long it is.
    answer.destroy();
  });
  request.on("error", reject);
  request.end(body);
  return await promise;
}

function retryAfter(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : null;
}

function problemOf(error: unknown): string {
  if (error instanceof Error && error.name === "ProductError") return error.message;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `The receiver could not be reached${code}.`;
}
