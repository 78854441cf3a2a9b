import type { Dispatcher } from "undici";
import { underSignals, untilAborted } from "./abort.ts";
import type { Proof } from "./authenticate.ts";
import { egressDenied } from "./egress-connect.ts";
import { checkUrl, type EgressPolicy, hostOf } from "./egress-policy.ts";
import type { RateLimit } from "./rate-limit.ts";
import { readAnswer } from "./read-answer.ts";
import { ACCEPTED_ENCODINGS } from "./read-body.ts";
import type { Headers } from "./retry-hint.ts";
import { type Failed, failureOf, type Refused, type Where } from "./vendor-failure.ts";
import { MAX_REDIRECTS, type VendorAnswer, type VendorLimits, type VendorRequest } from "./vendor-request.ts";

export type Attempt = Answered | Refused | Failed;
export type Answered = { readonly kind: "answered"; readonly where: Where; readonly answer: VendorAnswer };

/** What an attempt needs from the client. */
export type Sender = {
  readonly dispatcher: Dispatcher;
  readonly policy: EgressPolicy;
  readonly limits: VendorLimits;
  readonly rateLimit: RateLimit;
  readonly userAgent: string;
  readonly now: () => number;
  readonly onSent: (where: Where) => void;
  readonly onReceived: (bytes: number) => void;
};

/**
 * Sends a request once and follows its redirects: at most five, each one checked and counted by the rate limit like a request. The
 * credential is sent only as long as every hop stays at the first origin. Rejects only with the signal's reason, or when the rate
 * limit does.
 */
export async function sendAttempt(
  sender: Sender,
  request: VendorRequest,
  first: URL,
  proof: Proof,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<Attempt> {
  let target = first;
  let atHome = true;
  for (let redirects = 0; ; redirects += 1) {
    const step = await sendHop(sender, request, target, atHome ? proof : null, secrets, signal);
    if (step.kind !== "redirect") return step;
    const { where, status } = step;
    const failed = (code: Failed["code"], reason: string): Failed => {
      return { kind: "failed", where, status, code, reason, passing: false, mayBeProcessed: true };
    };
    if (request.method !== "GET")
      return failed("vendor.bad_response", `answered ${status}, a redirect, to a ${request.method}`);
    if (redirects === MAX_REDIRECTS)
      return failed("egress.too_many_redirects", `was redirected more than ${MAX_REDIRECTS} times`);
    const next = step.location === undefined ? null : URL.parse(step.location, target.href);
    if (next === null) return failed("vendor.bad_response", `answered ${status} without an address to go to`);
    const verdict = checkUrl(sender.policy, next);
    if (verdict.kind === "denied")
      return failed("egress.denied", `was redirected to an address that is not allowed: ${verdict.reason}`);
    atHome &&= next.origin === first.origin;
    if (!atHome && request.redirects !== "any-origin") {
      return failed(
        "vendor.bad_response",
        `was redirected to another origin, ${next.origin}, where its data does not come from`,
      );
    }
    target = next;
  }
}

type Redirect = {
  readonly kind: "redirect";
  readonly where: Where;
  readonly status: number;
  readonly location?: string;
};

async function sendHop(
  sender: Sender,
  request: VendorRequest,
  target: URL,
  proof: Proof | null,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<Attempt | Redirect> {
  const where: Where = { method: request.method, origin: target.origin, path: target.pathname };
  const verdict = checkUrl(sender.policy, target);
  if (verdict.kind === "denied") {
    return failureOf(egressDenied(hostOf(target), verdict.reason), where, { headers: false, timedOut: false });
  }
  await sender.rateLimit.acquire(signal);

  const body = proof === null ? null : encodeBody(request);
  const tooLong = new Error("The answer took too long as a whole.");
  const limit = { ms: sender.limits.attemptMs, reason: () => tooLong };
  return underSignals(
    [signal],
    async (hopSignal) => {
      let headersCame = false;
      try {
        sender.onSent(where);
        const response = await untilAborted(send(sender, request, target, proof, body, hopSignal), hopSignal);
        headersCame = true;
        const headers = plainHeaders(response.headers);
        if (isRedirect(response.statusCode)) {
          await response.body.dump({ limit: 64 * 1024, signal: hopSignal });
          const location = headers.location;
          return {
            kind: "redirect",
            where,
            status: response.statusCode,
            ...(location === undefined ? {} : { location }),
          };
        }
        return await readAnswer(sender, where, response, headers, secrets);
      } catch (error) {
        signal.throwIfAborted();
        return failureOf(error, where, { headers: headersCame, timedOut: hopSignal.aborted });
      }
    },
    limit,
  );
}

function send(
  sender: Sender,
  request: VendorRequest,
  target: URL,
  proof: Proof | null,
  body: EncodedBody | null,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const url = new URL(target);
  if (proof?.query !== undefined) url.searchParams.set(...proof.query);
  return sender.dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: {
      accept: "application/json",
      "accept-encoding": ACCEPTED_ENCODINGS,
      "user-agent": sender.userAgent,
      ...(body === null ? {} : { "content-type": body.type }),
      ...(proof === null ? {} : lowerCaseNames(request.headers ?? {})),
      ...(proof?.header === undefined ? {} : { [proof.header[0]]: proof.header[1] }),
    },
    body: body?.text ?? null,
    signal,
    headersTimeout: sender.limits.headersMs,
    bodyTimeout: sender.limits.bodyMs,
  });
}

type EncodedBody = { readonly type: string; readonly text: string };

function encodeBody({ body }: VendorRequest): EncodedBody | null {
  if (body === undefined) return null;
  switch (body.kind) {
    case "form":
      return { type: "application/x-www-form-urlencoded", text: new URLSearchParams(body.fields).toString() };
    case "json":
      return { type: "application/json", text: JSON.stringify(body.value) };
  }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function lowerCaseNames(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function plainHeaders(headers: Dispatcher.ResponseData["headers"]): Headers {
  const plain = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return Object.fromEntries(plain.filter(([name]) => name !== "set-cookie"));
}
