import type { IncomingMessage, ServerResponse } from "node:http";
import { answerOfFault } from "../faults/answer-faults.ts";
import { type Fault, isAnswerFault, isDeliveryFault, isEffectFault, isPageFault, isSilent } from "../faults/fault.ts";
import type { FaultSchedule } from "../faults/fault-schedule.ts";
import { applyPageFaults, applyWindowFaults, type Page } from "../faults/page-faults.ts";
import type { Answer } from "../http/answer.ts";
import { deliver } from "../http/deliver.ts";
import type { Traffic } from "../http/traffic.ts";
import type { JsonObject } from "../population/ironclad-user.ts";

export type ScimState = {
  users: JsonObject[];
  readonly token: string;
  readonly maxPageSize: number;
  readonly emptyResources: "array" | "absent";
  readonly faults: FaultSchedule;
  readonly traffic: Traffic;
};

export async function answerScimRequest(state: ScimState, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://scim");
  const call = callOf(request.method ?? "", url.pathname);
  const { startIndex, count } = readRange(url.searchParams, state.maxPageSize);
  const { entry, end } = state.traffic.begin({
    at: Date.now(),
    call,
    method: request.method ?? "",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    userAgent: request.headers["user-agent"],
  });
  response.on("close", end);
  request.resume();
  const barred = request.headers.authorization === `Bearer ${state.token}` ? undefined : scimError(401);
  const page = Math.floor((startIndex - 1) / Math.max(1, count)) + 1;
  const faults = barred === undefined ? state.faults.take({ call, page }) : [];
  if (faults.length > 0) {
    state.traffic.count("faults");
    entry.faults = faults.map(({ kind }) => kind);
  }
  const answer = barred ?? spoilt(state, faults, request.url ?? "/") ?? answerCall(state, call, url, faults);
  if (!faults.some(isSilent)) state.traffic.answered(entry, answer.status);
  await deliver(response, answer, {}, faults.filter(isDeliveryFault));
}

function callOf(method: string, path: string): string {
  if (method !== "GET") return "unknown";
  if (path === "/scim/v2/Users") return "users";
  if (path === "/scim/v2/ServiceProviderConfig") return "config";
  return path.startsWith("/scim/v2/Users/") ? "user" : "unknown";
}

function spoilt(state: ScimState, faults: readonly Fault[], ownAddress: string): Answer | undefined {
  for (const effect of faults.filter(isEffectFault)) {
    if (effect.kind === "revoke-tokens") return scimError(401);
    const gone = effect.ids?.map(String) ?? state.users.slice(0, effect.count ?? 1).map(({ id }) => String(id));
    state.users = state.users.filter(({ id }) => !gone.includes(String(id)));
  }
  const [instead] = faults.filter(isAnswerFault);
  const errorBody = (status: number) => scimError(status).body;
  return instead && answerOfFault(instead, { ownAddress, now: Date.now(), errorBody });
}

function answerCall(state: ScimState, call: string, url: URL, faults: readonly Fault[]): Answer {
  if (call === "users") return listUsers(state, url.searchParams, faults);
  if (call === "config")
    return scimAnswer(200, JSON.stringify({ ...config, filter: { supported: false, maxResults: 0 } }));
  const id = decodeURIComponent(url.pathname.split("/").at(-1) ?? "");
  const user = call === "user" ? state.users.find((candidate) => candidate.id === id) : undefined;
  return user === undefined ? scimError(404) : scimAnswer(200, JSON.stringify(user));
}

const config = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: false },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: "oauthbearertoken", name: "Bearer", description: "A fixed token" }],
};

function listUsers(state: ScimState, parameters: URLSearchParams, faults: readonly Fault[]): Answer {
  const { startIndex, count } = readRange(parameters, state.maxPageSize);
  const pageFaults = faults.filter(isPageFault);
  const window = applyWindowFaults(
    { page: startIndex, perPage: count, reportedPerPage: count, addressing: "offset", offset: startIndex - 1 },
    pageFaults,
  );
  const rows = state.users.slice(window.offset, window.offset + window.perPage).map((user) => JSON.stringify(user));
  const page: Page = {
    page: window.page,
    perPage: window.reportedPerPage,
    offset: window.offset,
    total: String(state.users.length),
    hasMore: undefined,
    rows,
    data: { kind: "rows" },
    next: undefined,
  };
  return scimAnswer(200, listResponse(state, applyPageFaults(page, pageFaults)));
}

/** RFC 7644 §3.4.2: `Resources` is required only when `totalResults` is not zero. */
function listResponse({ emptyResources }: ScimState, page: Page): string {
  const members = [
    `"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]`,
    `"totalResults":${page.total}`,
    `"itemsPerPage":${page.rows.length}`,
    `"startIndex":${page.page}`,
  ];
  const leftOut = page.data.kind === "absent" || (page.total === "0" && emptyResources === "absent");
  if (page.data.kind === "text") members.push(`"Resources":${page.data.text}`);
  else if (!leftOut) members.push(`"Resources":[${page.rows.join(",")}]`);
  return `{${members.join(",")}}`;
}

/** RFC 7644 §3.4.2.4: a start below 1 means 1, a count below 0 means 0, and the service may send fewer than asked. */
function readRange(parameters: URLSearchParams, maxPageSize: number): { startIndex: number; count: number } {
  const integer = (name: string, otherwise: number) => {
    const value = Number(parameters.get(name) ?? otherwise);
    return Number.isInteger(value) ? value : otherwise;
  };
  return {
    startIndex: Math.max(1, integer("startIndex", 1)),
    count: Math.min(maxPageSize, Math.max(0, integer("count", maxPageSize))),
  };
}

/** RFC 7644 §3.12: the status is a text. */
function scimError(status: number): Answer {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  return scimAnswer(status, JSON.stringify({ schemas, status: String(status), detail: `Status ${status}` }));
}

function scimAnswer(status: number, body: string): Answer {
  return { status, contentType: "application/scim+json; charset=utf-8", body };
}
