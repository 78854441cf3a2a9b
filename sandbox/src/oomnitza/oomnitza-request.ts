import type { Fault } from "../faults/fault.ts";
import type { Answer } from "../http/answer.ts";
import { jsonAnswer } from "../http/answer.ts";
import type { JsonValue } from "../population/ironclad-user.ts";
import type { OomnitzaCall } from "./oomnitza-call.ts";
import type { OomnitzaState } from "./oomnitza-state.ts";

/** What a call is answered from. */
export type OomnitzaRequest = {
  readonly state: OomnitzaState;
  readonly call: OomnitzaCall;
  readonly parameters: URLSearchParams;
  /** Undefined when it is not JSON, or there is none. */
  readonly body: JsonValue | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly faults: readonly Fault[];
};

export function json(status: number, body: JsonValue): Answer {
  return jsonAnswer(status, JSON.stringify(body));
}

/** The form of error bodies is on no public page; this one has the words of the old API, `{success, errors}`. */
export function refusal(status: number, ...errors: readonly string[]): Answer {
  return json(status, { success: false, message: errors.join("; ") || `Status ${status}`, errors });
}

export function members(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, JsonValue>>)
    : {};
}

export function texts(value: JsonValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? (value as string[]) : undefined;
}
