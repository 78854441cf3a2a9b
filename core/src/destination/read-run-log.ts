import { membersOf } from "./read-answers.ts";

/** What a run log tells about a bulk upload. */
export type BulkLog = {
  /** unknown: nothing that is understood. */
  readonly state: "working" | "ended" | "failed" | "canceled" | "unknown";
  /** How many records were refused. */
  readonly refused: number;
  /** What it says about single records, and why the upload failed as a whole. */
  readonly messages: readonly string[];
};

/**
 * Reads the details of a run (oomnitza-api.md §6). Their members have names on public pages but no form, so that a count may be a
 * number, a list, or an object with either; anything else is `unknown`, and then the list of people alone tells what became of the upload.
 */
export function readRunLog(body: unknown): BulkLog {
  const run = membersOf(body);
  const logs = { ...run, ...membersOf(run.logs) };
  const fatal = textsOf(logs["Fatal Error"]);
  const refused = Math.max(countOf(logs.failed), countOf(run.error_logs_count));
  const messages = [...fatal, ...textsOf(logs.messages), ...textsOf(logs.failed)].slice(0, mostMessages);
  return { state: stateOf(String(run.status ?? ""), countOf(logs.processing), fatal.length > 0), refused, messages };
}

/** The messages that speak of a record, else the first few; null when there is none. */
export function messageAbout({ messages }: BulkLog, key: string): string | null {
  const about = messages.filter((message) => message.toLowerCase().includes(key.toLowerCase()));
  const [first, ...others] = (about.length > 0 ? about : messages).slice(0, 3);
  return first === undefined ? null : [first, ...others].join("; ").slice(0, 600);
}

const mostMessages = 2_000;

function stateOf(status: string, processing: number, isFatal: boolean): BulkLog["state"] {
  if (isFatal || /^\s*(?:failed|fatal|error)/i.test(status)) return "failed";
  if (/cancel/i.test(status)) return "canceled";
  if (processing > 0 || /process|progress|running|queued|pending|started/i.test(status)) return "working";
  return /complet|success|finish|done/i.test(status) ? "ended" : "unknown";
}

function countOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.length;
  const { count, messages } = membersOf(value);
  return typeof count === "number" ? count : Array.isArray(messages) ? messages.length : 0;
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  const { message, messages, error } = membersOf(value);
  return [message, messages, error].flatMap((each) => (each === undefined ? [] : textsOf(each)));
}
