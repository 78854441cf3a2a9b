import type { JsonValue } from "../population/ironclad-user.ts";

/** Instead of the real answer: another one. */
export type AnswerFault =
  | {
      readonly kind: "status";
      readonly status: number;
      /** Default `envelope`, the service's own error form. */
      readonly body?: "envelope" | "rfc6749" | "html" | "text" | "empty";
      /** The header's value: seconds, or the HTTP-date so many seconds from now. */
      readonly retryAfter?: number | { readonly date: number } | string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: "json"; readonly body: JsonValue; readonly status?: number }
  | { readonly kind: "html-200" }
  | { readonly kind: "not-json"; readonly text?: string }
  | { readonly kind: "empty-body" }
  | {
      readonly kind: "redirect";
      /** `loop` is the request's own address; anything else is put in `Location` as it is. */
      readonly to?: "loop" | (string & {});
      readonly status?: number;
    };

/** Before the answer: something happens to the service. */
export type EffectFault =
  | { readonly kind: "remove-users"; readonly count?: number; readonly ids?: readonly (number | string)[] }
  | { readonly kind: "revoke-tokens" };

/** A well-formed page with the wrong content. */
export type PageFault =
  /** `reported` says which page number the envelope claims. */
  | { readonly kind: "repeat-page"; readonly reported?: "asked" | "sent" }
  | { readonly kind: "ignore-page"; readonly reported?: "asked" | "sent" }
  | { readonly kind: "cap-page"; readonly perPage: number; readonly silent?: boolean }
  /** The window moves by so many rows: forward loses them, backward (negative) repeats the previous page's last. */
  | { readonly kind: "shift-rows"; readonly by: number }
  | { readonly kind: "short-page"; readonly drop: number }
  | { readonly kind: "duplicate-rows"; readonly rows: number; readonly how?: "append" | "replace" }
  | {
      readonly kind: "keyless-rows";
      readonly rows: number;
      readonly how?: "missing" | "null" | "empty";
      /** Dotted path of the key in a row; default `id`. */
      readonly key?: string;
    }
  | { readonly kind: "empty-200" }
  | { readonly kind: "empty-page" }
  | { readonly kind: "total"; readonly delta?: number; readonly value?: JsonValue }
  | { readonly kind: "has-more"; readonly value: JsonValue | "missing" }
  | { readonly kind: "missing-data" }
  | { readonly kind: "data"; readonly value: JsonValue }
  | { readonly kind: "next-link"; readonly url?: string };

/** The right answer, badly delivered. */
export type DeliveryFault =
  /** `chunks` spreads the body over so many writes, each `delayMs` after the one before. */
  | { readonly kind: "slow"; readonly delayMs: number; readonly chunks?: number }
  | { readonly kind: "reset"; readonly when?: "before" | "mid-body" }
  | { readonly kind: "hang"; readonly when?: "before" | "mid-body" }
  /** `lying`: the whole length is announced, the connection ends early. */
  | { readonly kind: "truncate"; readonly contentLength?: "honest" | "lying" }
  | { readonly kind: "content-type"; readonly value: string }
  | { readonly kind: "invalid-utf8" }
  | { readonly kind: "oversized"; readonly megabytes: number; readonly encoding?: "identity" | "gzip" };

/** A write is done in part and answered with an error: of a batch the first half, of a single record all of it. Oomnitza only. */
export type WriteFault = { readonly kind: "half-applied"; readonly status?: number };

export type Fault = AnswerFault | EffectFault | PageFault | DeliveryFault | WriteFault;
export type FaultStage = "answer" | "effect" | "page" | "delivery" | "write";

/** Every fault: when it acts, and the keys it must and may have. Anything else is refused, so that a typo shows. */
export const faultKinds: Readonly<
  Record<
    Fault["kind"],
    { readonly stage: FaultStage; readonly needs: readonly string[]; readonly may: readonly string[] }
  >
> = {
  status: { stage: "answer", needs: ["status"], may: ["body", "retryAfter", "headers"] },
  json: { stage: "answer", needs: ["body"], may: ["status"] },
  "html-200": { stage: "answer", needs: [], may: [] },
  "not-json": { stage: "answer", needs: [], may: ["text"] },
  "empty-body": { stage: "answer", needs: [], may: [] },
  redirect: { stage: "answer", needs: [], may: ["to", "status"] },
  "remove-users": { stage: "effect", needs: [], may: ["count", "ids"] },
  "revoke-tokens": { stage: "effect", needs: [], may: [] },
  "repeat-page": { stage: "page", needs: [], may: ["reported"] },
  "ignore-page": { stage: "page", needs: [], may: ["reported"] },
  "cap-page": { stage: "page", needs: ["perPage"], may: ["silent"] },
  "shift-rows": { stage: "page", needs: ["by"], may: [] },
  "short-page": { stage: "page", needs: ["drop"], may: [] },
  "duplicate-rows": { stage: "page", needs: ["rows"], may: ["how"] },
  "keyless-rows": { stage: "page", needs: ["rows"], may: ["how", "key"] },
  "empty-200": { stage: "page", needs: [], may: [] },
  "empty-page": { stage: "page", needs: [], may: [] },
  total: { stage: "page", needs: [], may: ["delta", "value"] },
  "has-more": { stage: "page", needs: ["value"], may: [] },
  "missing-data": { stage: "page", needs: [], may: [] },
  data: { stage: "page", needs: ["value"], may: [] },
  "next-link": { stage: "page", needs: [], may: ["url"] },
  slow: { stage: "delivery", needs: ["delayMs"], may: ["chunks"] },
  reset: { stage: "delivery", needs: [], may: ["when"] },
  hang: { stage: "delivery", needs: [], may: ["when"] },
  truncate: { stage: "delivery", needs: [], may: ["contentLength"] },
  "content-type": { stage: "delivery", needs: ["value"], may: [] },
  "invalid-utf8": { stage: "delivery", needs: [], may: [] },
  oversized: { stage: "delivery", needs: ["megabytes"], may: ["encoding"] },
  "half-applied": { stage: "write", needs: [], may: ["status"] },
};

export function isAnswerFault(fault: Fault): fault is AnswerFault {
  return faultKinds[fault.kind].stage === "answer";
}

export function isEffectFault(fault: Fault): fault is EffectFault {
  return faultKinds[fault.kind].stage === "effect";
}

export function isPageFault(fault: Fault): fault is PageFault {
  return faultKinds[fault.kind].stage === "page";
}

export function isDeliveryFault(fault: Fault): fault is DeliveryFault {
  return faultKinds[fault.kind].stage === "delivery";
}

export function isWriteFault(fault: Fault): fault is WriteFault {
  return faultKinds[fault.kind].stage === "write";
}

/** Faults that let nothing be answered, not even a status. */
export function isSilent(fault: Fault): boolean {
  return (fault.kind === "reset" || fault.kind === "hang") && fault.when !== "mid-body";
}
