import { redactText } from "./redact.ts";
import type { Headers } from "./retry-hint.ts";

/** The vendor's own words about an error: two short texts out of the envelope, redacted. Nothing else of a body is kept. */
export type VendorSays = { readonly name?: string; readonly message?: string };

const LONGEST_MESSAGE = 300;
const LONGEST_NAME = 80;

/**
 * Reads an error body. Known shapes: `{ error: { message, name, code } }` (Ironclad Clickwrap, "Rate limits"; assumed for its other
 * errors), `{ error, error_description }` (RFC 6749 §5.2), `{ message, name }`, and `{ title, detail }` (RFC 9457).
 */
export function readVendorSays(body: unknown, secrets: readonly string[]): VendorSays {
  const outer = asRecord(body);
  const inner = asRecord(outer.error);
  const message = firstText(inner.message, outer.error_description, outer.message, outer.detail);
  const name = firstText(outer.error, inner.name, inner.code, outer.name, outer.code, outer.title);
  return {
    ...(name === undefined ? {} : { name: shorten(redactText(name, secrets), LONGEST_NAME) }),
    ...(message === undefined ? {} : { message: shorten(redactText(message, secrets), LONGEST_MESSAGE) }),
  };
}

/**
 * The value of the first header that looks like a request id. Ironclad documents "Request IDs on Responses" without the header's
 * name, so every usual one is taken.
 */
export function readRequestId(headers: Headers): string | undefined {
  const found = Object.entries(headers).find(([name]) =>
    /(request|correlation|trace|transaction)-?id$|^cf-ray$/.test(name),
  );
  // An id, not a text: what does not look like one is not repeated.
  return found !== undefined && /^[\w\-.:/=+]{1,128}$/.test(found[1]) ? found[1] : undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value.trim() !== "");
}

function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
