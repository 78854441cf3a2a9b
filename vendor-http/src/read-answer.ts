import type { Dispatcher } from "undici";
import { readBody } from "./read-body.ts";
import { bodyFacts } from "./redact.ts";
import { type Headers, readRetryHint } from "./retry-hint.ts";
import type { Answered, Sender } from "./send-attempt.ts";
import type { Failed, Refused, Where } from "./vendor-failure.ts";
import { readRequestId, readVendorSays } from "./vendor-says.ts";

// An error body is read for two short texts.
const LONGEST_ERROR_BODY = 64 * 1024;

type Response = Dispatcher.ResponseData;

/** Turns a response into an answer or the reason why it is none. Rejects when the body breaks off. */
export async function readAnswer(
  sender: Sender,
  where: Where,
  response: Response,
  headers: Headers,
  secrets: readonly string[],
): Promise<Answered | Refused | Failed> {
  const status = response.statusCode;
  const requestId = readRequestId(headers);
  const known = { where, status, ...(requestId === undefined ? {} : { requestId }) };
  const unusable = (reason: string, body?: Failed["body"]): Failed => ({
    kind: "failed",
    ...known,
    code: "vendor.bad_response",
    reason: `answered ${status} with ${reason}`,
    passing: false,
    mayBeProcessed: true,
    ...(body === undefined ? {} : { body }),
  });

  if (status >= 400) {
    const hintMs = readRetryHint(status, headers, sender.now());
    const says = readVendorSays(await readErrorBody(sender, response, headers), secrets);
    return { kind: "refused", ...known, says, hintMs };
  }
  if (status < 200 || status >= 300) {
    response.body.on("error", () => undefined).destroy();
    return unusable("a status that is not used for data");
  }

  let receivedBytes = 0;
  const bodiless = status === 204 || status === 205;
  const encoding = bodiless ? undefined : headers["content-encoding"];
  const read = await readBody(response.body, encoding, sender.limits.maxResponseBytes, (bytes) => {
    receivedBytes += bytes;
    sender.onReceived(bytes);
  });
  if (read.kind === "unknown-encoding") return unusable("an encoding that was not asked for");
  if (read.kind === "too-large") {
    const reason = `sent an answer of more than ${sender.limits.maxResponseBytes} bytes`;
    return { ...unusable(reason), code: "vendor.response_too_large", reason };
  }
  const answered = (body: unknown): Answered => ({
    kind: "answered",
    where,
    answer: { status, headers, body, receivedBytes, ...(requestId === undefined ? {} : { requestId }) },
  });
  if (bodiless) return answered(null);
  const facts = bodyFacts(read.bytes, headers["content-type"]);
  if (read.bytes.length === 0) return unusable("an empty body", facts);
  if (!isJsonType(facts.contentType))
    return unusable(`${facts.contentType ?? "no content type"} instead of JSON`, facts);
  const body = parseJson(read.bytes);
  return body.kind === "json" ? answered(body.value) : unusable("a body that is not JSON", facts);
}

async function readErrorBody(sender: Sender, response: Response, headers: Headers): Promise<unknown> {
  try {
    const read = await readBody(response.body, headers["content-encoding"], LONGEST_ERROR_BODY, sender.onReceived);
    if (read.kind !== "whole") return undefined;
    const body = parseJson(read.bytes);
    return body.kind === "json" ? body.value : undefined;
  } catch {
    // The status says what happened; the words that broke off are not needed. An abort is seen by the caller.
    return undefined;
  }
}

/** The parser's own error quotes the text, so it is not kept. JSON is UTF-8 (RFC 8259 §8.1); anything else is not JSON. */
function parseJson(
  bytes: Uint8Array,
): { readonly kind: "json"; readonly value: unknown } | { readonly kind: "not-json" } {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return { kind: "json", value };
  } catch {
    return { kind: "not-json" };
  }
}

function isJsonType(mediaType: string | null): boolean {
  return mediaType !== null && /^(application|text)\/json$|^[\w!#$&^.-]+\/[\w!#$&^.+-]*\+json$/i.test(mediaType);
}
