import { type ErrorCode, errorTable, ProductError } from "@rollcall/core/errors.ts";
import { type BodyFacts, redactText } from "./redact.ts";
import type { VendorSays } from "./vendor-says.ts";

/** Which request, without its query: parameters may hold secrets and personal data. */
export type Where = { readonly method: string; readonly origin: string; readonly path: string };

/** The vendor answered with a status that is not a success. */
export type Refused = {
  readonly kind: "refused";
  readonly where: Where;
  readonly status: number;
  readonly requestId?: string;
  readonly says: VendorSays;
  /** Milliseconds the vendor asks to wait. */
  readonly hintMs: number | null;
};

/** There was no answer, or none that can be used. */
export type Failed = {
  readonly kind: "failed";
  readonly where: Where;
  readonly code: ErrorCode;
  /** Continues "GET https://… ". */
  readonly reason: string;
  /** Whether the same request may succeed later. */
  readonly passing: boolean;
  /** Whether the vendor may have acted on the request. */
  readonly mayBeProcessed: boolean;
  readonly status?: number;
  readonly requestId?: string;
  readonly body?: BodyFacts;
  readonly cause?: unknown;
};

/** The error that ends a request. `attempts` is how often it was sent. */
export function productErrorOf(outcome: Refused | Failed, attempts: number, secrets: readonly string[]): ProductError {
  const { where } = outcome;
  const code = outcome.kind === "failed" ? outcome.code : codeOfStatus(outcome.status);
  const reason = outcome.kind === "failed" ? outcome.reason : reasonOf(outcome);
  const times = attempts === 1 ? "" : ` (${attempts} attempts)`;
  const path = redactText(where.path, secrets);
  const details = {
    method: where.method,
    origin: where.origin,
    path,
    attempts,
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
    ...(outcome.requestId === undefined ? {} : { requestId: redactText(outcome.requestId, secrets) }),
    ...(outcome.kind === "refused" && outcome.says.name !== undefined ? { vendorName: outcome.says.name } : {}),
    ...(outcome.kind === "refused" && outcome.says.message !== undefined
      ? { vendorMessage: outcome.says.message }
      : {}),
    ...(outcome.kind === "failed" && outcome.body !== undefined ? { body: outcome.body } : {}),
  };
  const message = `${where.method} ${where.origin}${path} ${redactText(reason, secrets)}${times}. ${errorTable[code].nextStep}`;
  const cause = outcome.kind === "failed" ? safeCause(outcome.cause, secrets) : undefined;
  return new ProductError(code, message, { details, ...(cause === undefined ? {} : { cause }) });
}

function reasonOf(refused: Refused): string {
  const words = refused.says.message ?? refused.says.name;
  return `answered ${refused.status}${words === undefined ? "" : ` “${words}”`}`;
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "vendor.unauthorized";
  if (status === 403) return "vendor.forbidden";
  if (status === 404 || status === 410) return "vendor.not_found";
  if (status === 429) return "vendor.rate_limited";
  if (status === 408 || status === 425 || status >= 500) return "vendor.unavailable";
  return "vendor.bad_request";
}

/** What went wrong on the way, judged by the code that Node or undici gives the error. */
export function failureOf(
  error: unknown,
  where: Where,
  at: { readonly headers: boolean; readonly timedOut: boolean },
): Failed {
  const failed = (code: ErrorCode, reason: string, rest: Partial<Failed> = {}): Failed => ({
    kind: "failed",
    where,
    code,
    reason,
    passing: true,
    mayBeProcessed: true,
    cause: error,
    ...rest,
  });
  if (error instanceof ProductError) {
    const reason = typeof error.details.reason === "string" ? error.details.reason : error.message;
    return failed(error.code, `is not allowed: ${reason}`, { passing: false, mayBeProcessed: false });
  }
  const code = codeOf(error);
  if (code === "UND_ERR_INVALID_ARG") {
    return failed("vendor.bad_request", "cannot be sent: a header or the address is malformed", {
      passing: false,
      mayBeProcessed: false,
    });
  }
  if (at.timedOut) return failed("vendor.unreachable", "took too long as a whole");
  if (code === "UND_ERR_HEADERS_TIMEOUT") return failed("vendor.unreachable", "did not answer in time");
  if (code === "UND_ERR_BODY_TIMEOUT") return failed("vendor.unreachable", "fell silent in the middle of the answer");
  if (isParserError(error) || code === "UND_ERR_HEADERS_OVERFLOW") {
    return failed("vendor.bad_response", "sent an answer that is not proper HTTP", { passing: false });
  }
  if (at.headers && code.startsWith("Z_") && code !== "Z_BUF_ERROR") {
    return failed("vendor.bad_response", `sent a body that cannot be decompressed (${code})`, { passing: false });
  }
  if (at.headers) return failed("vendor.bad_response", "sent an answer that breaks off before its end");
  if (isCertificateProblem(code)) {
    return failed("vendor.unreachable", `has a TLS problem (${code})`, { passing: false, mayBeProcessed: false });
  }
  if (neverConnected.has(code))
    return failed("vendor.unreachable", `cannot be reached (${code})`, { mayBeProcessed: false });
  return failed("vendor.unreachable", `lost the connection${code === "" ? "" : ` (${code})`}`);
}

function isCertificateProblem(code: string): boolean {
  return /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code) || code === "EPROTO";
}

const neverConnected = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The parser's errors have a code (`HPE_…`) only sometimes. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && (error.name === "HTTPParserError" || codeOf(error).startsWith("HPE_"));
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

/** A copy with name, code and message only: errors of the parser and of sockets carry raw bytes and addresses with them. */
function safeCause(error: unknown, secrets: readonly string[]): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const copy = new Error(redactText(error.message, secrets));
  copy.name = error.name;
  copy.stack = `${error.name}: ${copy.message}`;
  return Object.assign(copy, codeOf(error) === "" ? {} : { code: codeOf(error) });
}
