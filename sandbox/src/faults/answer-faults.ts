import type { Answer } from "../http/answer.ts";
import type { AnswerFault } from "./fault.ts";

export type AnswerFaultContext = {
  /** The request's own address, for a redirect that goes round. */
  readonly ownAddress: string;
  readonly now: number;
  /** The simulated service's own form of an error body. */
  readonly errorBody: (status: number) => string;
};

/** The answer that takes the place of the real one. */
export function answerOfFault(fault: AnswerFault, context: AnswerFaultContext): Answer {
  switch (fault.kind) {
    case "status":
      return statusAnswer(fault, context);
    case "json":
      return { status: fault.status ?? 200, contentType: json, body: JSON.stringify(fault.body) };
    case "html-200":
      return { status: 200, contentType: html, body: htmlPage("Please sign in") };
    case "not-json":
      return { status: 200, contentType: json, body: fault.text ?? "Service temporarily busy" };
    case "empty-body":
      return { status: 200, contentType: json, body: "" };
    case "redirect": {
      const location = fault.to === "loop" ? context.ownAddress : (fault.to ?? elsewhere);
      return { status: fault.status ?? 302, contentType: html, body: "", headers: { location } };
    }
  }
}

/** A host that never exists (RFC 6761, `.example`). */
export const elsewhere = "http://elsewhere.example/v1.1/collect";

function statusAnswer(fault: AnswerFault & { kind: "status" }, context: AnswerFaultContext): Answer {
  const headers = { ...fault.headers, ...retryAfterHeader(fault.retryAfter, context.now) };
  const { status } = fault;
  switch (fault.body ?? "envelope") {
    case "envelope":
      return { status, headers, contentType: json, body: context.errorBody(status) };
    case "rfc6749":
      return { status, headers, contentType: json, body: rfc6749Body(status) };
    case "html":
      return { status, headers, contentType: html, body: htmlPage(`${status} Error`) };
    case "text":
      return {
        status,
        headers,
        contentType: "text/plain",
        body: "upstream connect error or disconnect before headers",
      };
    case "empty":
      return { status, headers, contentType: json, body: "" };
  }
}

/** Seconds, or an HTTP-date that many seconds from now; a text is sent as it is (RFC 9110 §10.2.3). */
function retryAfterHeader(
  value: (AnswerFault & { kind: "status" })["retryAfter"],
  now: number,
): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (typeof value === "object") return { "retry-after": new Date(now + value.date * 1000).toUTCString() };
  return { "retry-after": String(value) };
}

/** RFC 6749 §5.2: `error` is a text. */
export function rfc6749Body(status: number): string {
  const error = status === 400 || status === 401 ? "invalid_client" : "server_error";
  return JSON.stringify({ error, error_description: "Client authentication failed." });
}

export function htmlPage(title: string): string {
  return `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
}

const json = "application/json; charset=utf-8";
const html = "text/html; charset=utf-8";
