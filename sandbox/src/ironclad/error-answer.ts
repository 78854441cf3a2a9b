import { htmlPage, rfc6749Body } from "../faults/answer-faults.ts";
import { type Answer, jsonAnswer } from "../http/answer.ts";
import type { IroncladModes } from "./modes.ts";

/** An error in the documented envelope, or in whatever form the mode `errorBody` says. */
export function errorAnswer(modes: IroncladModes, status: number, message?: string): Answer {
  switch (modes.errorBody) {
    case "envelope":
      return jsonAnswer(status, envelopeBody(modes, status, message));
    case "rfc6749":
      return jsonAnswer(status, rfc6749Body(status));
    case "html":
      return { status, contentType: "text/html; charset=utf-8", body: htmlPage(`${status}`) };
    case "text":
      return { status, contentType: "text/plain", body: message ?? messageOf(status) };
    case "empty":
      return { status, contentType: "application/json; charset=utf-8", body: "" };
  }
}

/**
 * `{error: {message, status, name, code}}`. Documented for 429 only and assumed for the rest (U15).
 * https://clickwrap-developer.ironcladapp.com/reference/rate-limits
 */
export function envelopeBody(modes: IroncladModes, status: number, message = messageOf(status)): string {
  const [name, code] = names[status] ?? ["ServerError", "placeholder_server_error"];
  const shownCode = status === 429 ? modes.rateLimitCode : code;
  return JSON.stringify({
    error: { message, status, name, ...(shownCode === null ? {} : { code: shownCode }) },
  });
}

/** The texts of the reference pages' response lists where there are any. */
function messageOf(status: number): string {
  return messages[status] ?? "Something went wrong.";
}

const messages: Readonly<Record<number, string>> = {
  400: "Bad request.",
  401: "The requester is unauthorized.",
  403: "Forbidden.",
  404: "Not found.",
  405: "Method not allowed.",
  429: "Request limit has been reached for the current rate limit period.",
};

const names: Readonly<Record<number, readonly [string, string]>> = {
  400: ["BadRequestError", "placeholder_bad_request"],
  401: ["UnauthorizedError", "placeholder_unauthorized"],
  403: ["ForbiddenError", "placeholder_forbidden"],
  404: ["NotFoundError", "placeholder_not_found"],
  405: ["MethodNotAllowedError", "placeholder_method"],
  429: ["RateLimitExceededError", "placeholder_rate_limit"],
};
