import type { IncomingMessage } from "node:http";
import type { FaultRule } from "../faults/fault-schedule.ts";
import { type Answer, jsonAnswer } from "../http/answer.ts";
import { BadInput, readObject } from "../http/bad-input.ts";
import { readBody } from "../http/read-body.ts";
import type { ExplicitUser, JsonObject } from "../population/ironclad-user.ts";
import type { IroncladControl } from "./ironclad-control.ts";
import type { Credentials, PopulationOptions } from "./ironclad-state.ts";
import type { IroncladModes } from "./modes.ts";
import type { Removal } from "./remove-users.ts";

type Input = {
  readonly first: string;
  readonly second: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly json: unknown;
};
type Route = readonly [method: string, path: RegExp, run: (control: IroncladControl, input: Input) => unknown];

const routes: readonly Route[] = [
  ["GET", /^$/, (control) => control.state()],
  ["GET", /^\/counters$/, (control) => control.counters()],
  ["POST", /^\/counters\/reset$/, (control) => control.resetCounters()],
  ["GET", /^\/requests$/, (control, { query }) => control.requests().slice(-Number(query.get("limit") ?? 1000))],
  ["GET", /^\/users$/, (control, { query }) => control.users(rangeOf(query))],
  ["POST", /^\/users$/, (control, input) => ({ ids: control.addUsers(newUsers(input)) })],
  ["POST", /^\/users\/remove$/, (control, { body }) => ({ ids: control.removeUsers(body as Removal) })],
  ["POST", /^\/users\/restore$/, (control, { body }) => ({ ids: control.restoreUsers(idsOf(body)) })],
  ["PATCH", /^\/users\/([^/]+)$/, (control, { first, body }) => control.changeUser(first, readChange(body))],
  ["DELETE", /^\/users\/([^/]+)$/, (control, { first }) => ({ ids: control.removeUsers({ ids: [first] }) })],
  ["PUT", /^\/memberships\/(\d+)\/([^/]+)$/, setMembership],
  ["DELETE", /^\/memberships\/(\d+)\/([^/]+)$/, setMembership],
  ["POST", /^\/modes$/, (control, { body }) => control.setModes(body as Partial<IroncladModes>)],
  ["POST", /^\/faults$/, (control, { json }) => control.addFaults([json].flat() as FaultRule[])],
  ["DELETE", /^\/faults$/, (control) => control.clearFaults()],
  ["POST", /^\/population$/, (control, { body }) => control.setPopulation(readPopulation(body))],
  ["POST", /^\/tokens\/revoke$/, (control) => control.revokeTokens()],
  ["POST", /^\/credentials$/, (control, { body }) => control.setCredentials(readCredentials(body))],
];

export const controlPrefix = "/_sandbox";

/** The control API. It answers the loopback interface only; nothing else guards it. */
export async function answerControl(control: IroncladControl, request: IncomingMessage): Promise<Answer> {
  const remote = request.socket.remoteAddress ?? "";
  if (!/^(::1|(::ffff:)?127\.)/.test(remote))
    return problem(403, "The control API answers the loopback interface only.");
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://sandbox");
  const path = pathname.slice(controlPrefix.length).replace(/\/$/, "");
  for (const [method, pattern, run] of routes) {
    const match = method === request.method ? pattern.exec(path) : null;
    if (match === null) continue;
    try {
      const json = readJson(await readBody(request));
      const body = typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
      const [first = "", second = ""] = match.slice(1).map(decodeURIComponent);
      const result = run(control, { first, second, query: searchParams, body, json });
      return jsonAnswer(200, JSON.stringify(result ?? { ok: true }));
    } catch (cause) {
      if (cause instanceof BadInput) return problem(400, cause.message);
      throw cause;
    }
  }
  return problem(404, `There is no ${request.method} ${pathname}; see the sandbox's README.`);
}

function problem(status: number, message: string): Answer {
  return jsonAnswer(status, JSON.stringify({ error: message }));
}

function readJson(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadInput("The body is not JSON.", { cause });
  }
}

function rangeOf(query: URLSearchParams): { offset: number; limit: number } {
  return { offset: Number(query.get("offset") ?? 0), limit: Number(query.get("limit") ?? 1000) };
}

/** `{count}`, one `{user, memberships}`, or an array of those. */
function newUsers({ json, body }: Input): number | readonly ExplicitUser[] {
  if (typeof body.count === "number") return body.count;
  const entries = [json].flat();
  for (const entry of entries) readObject(readObject(entry, "a user entry").user, "`user` of a user entry");
  return entries as ExplicitUser[];
}

function idsOf(body: Readonly<Record<string, unknown>>): readonly (number | string)[] | undefined {
  return Array.isArray(body.ids) ? body.ids : undefined;
}

function readChange(body: Readonly<Record<string, unknown>>): { set: JsonObject; unset: readonly string[] } {
  const set = body.set === undefined ? {} : (readObject(body.set, "`set`") as JsonObject);
  if (body.unset !== undefined && !Array.isArray(body.unset)) throw new BadInput("`unset` must be a list of keys.");
  if (body.set === undefined && body.unset === undefined) throw new BadInput("A change needs `set` or `unset`.");
  return { set, unset: Array.isArray(body.unset) ? body.unset.map(String) : [] };
}

function readPopulation(body: Readonly<Record<string, unknown>>): PopulationOptions {
  if (body.population !== undefined && body.population !== "odd" && body.population !== "plain") {
    throw new BadInput("`population` may be odd or plain.");
  }
  if (body.users !== undefined && typeof body.users !== "number" && !Array.isArray(body.users)) {
    throw new BadInput("`users` must be a number or a list of {user, memberships}.");
  }
  return body as PopulationOptions;
}

function readCredentials({ clientId, clientSecret }: Readonly<Record<string, unknown>>): Credentials {
  if (typeof clientId !== "string" || typeof clientSecret !== "string") {
    throw new BadInput("`clientId` and `clientSecret` must be texts.");
  }
  return { clientId, clientSecret };
}

function setMembership(control: IroncladControl, { first, second, body }: Input): void {
  if (body.role !== undefined && typeof body.role !== "string") throw new BadInput("`role` must be a text.");
  control.setMembership(Number(first), second, body.role as string | undefined);
}
