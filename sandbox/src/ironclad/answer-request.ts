import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { answerOfFault } from "../faults/answer-faults.ts";
import { type Fault, isAnswerFault, isDeliveryFault, isEffectFault, isSilent } from "../faults/fault.ts";
import { type Answer, jsonAnswer } from "../http/answer.ts";
import { deliver } from "../http/deliver.ts";
import { readBody } from "../http/read-body.ts";
import type { RequestLogEntry } from "../http/traffic.ts";
import { answerListing } from "./answer-listing.ts";
import { answerTokenRequest } from "./answer-token-request.ts";
import { type Call, callOf } from "./call.ts";
import { envelopeBody, errorAnswer } from "./error-answer.ts";
import type { IroncladState } from "./ironclad-state.ts";
import { listMembers, listMemberships, listSiteMembers, listSites } from "./listings.ts";
import { removeUsers } from "./remove-users.ts";
import { accountIds, accountObject, siteIds, siteObject, siteState } from "./sites.ts";
import { updateMembership } from "./update-membership.ts";

/** What was asked, once the address is taken apart. */
type Received = {
  readonly request: IncomingMessage;
  readonly call: Call;
  readonly address: string;
  readonly parameters: URLSearchParams;
  readonly body: string;
  readonly entry: RequestLogEntry;
};

/** One request to the simulated service: note it, let it through its doors, answer, spoil what the schedule says. */
export async function answerRequest(state: IroncladState, request: IncomingMessage, response: ServerResponse) {
  const { call, address, path, parameters } = readAddress(state, request);
  const { entry, end } = state.traffic.begin({
    at: state.now(),
    call: call.name,
    method: request.method ?? "",
    path,
    query: Object.fromEntries(parameters),
    site: "site" in call ? call.site : undefined,
    account: "account" in call ? call.account : undefined,
    userAgent: request.headers["user-agent"],
  });
  response.on("close", end);
  const body = request.method === "GET" ? "" : await readBody(request);
  const latency = call.name === "token" ? state.modes.tokenLatencyMs : state.modes.latencyMs;
  if (latency > 0) await sleep(latency);

  const received = { request, call, address, parameters, body, entry };
  const barred = barredAnswer(state, received);
  const faults = barred === undefined ? takeFaults(state, received) : [];
  const answer = barred ?? spoiltAnswer(state, received, faults) ?? answerCall(state, received, faults);
  if (!faults.some(isSilent)) state.traffic.answered(entry, answer.status);
  await deliver(response, answer, requestIdHeader(state, entry), faults.filter(isDeliveryFault));
}

function readAddress(state: IroncladState, request: IncomingMessage) {
  const address = request.url ?? "/";
  const mark = address.indexOf("?");
  const fullPath = mark < 0 ? address : address.slice(0, mark);
  const base = state.modes.basePath ?? "";
  const path = fullPath.startsWith(base) ? fullPath.slice(base.length) : "";
  const parameters = new URLSearchParams(mark < 0 ? "" : address.slice(mark + 1));
  return { call: callOf(request.method ?? "", path), address, path: fullPath, parameters };
}

/** The rate limit and the token, in that order; undefined lets the request through. */
function barredAnswer(state: IroncladState, { request, call, entry }: Received): Answer | undefined {
  const { modes } = state;
  const address = `address ${request.socket.remoteAddress}`;
  if (call.name === "token") return modes.tokenBucket ? limited(state, address, modes.unauthenticatedLimit) : undefined;
  const text = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const token = text === undefined ? undefined : state.tokens.find(text);
  if (token !== undefined) {
    entry.token = token.number;
    return limited(state, `token ${token.number}`, modes.authenticatedLimit);
  }
  const countsByAddress = text === undefined || modes.invalidTokenBucket;
  const overLimit = countsByAddress ? limited(state, address, modes.unauthenticatedLimit) : undefined;
  return overLimit ?? (call.name === "status" ? undefined : errorAnswer(modes, 401));
}

/** 429 with `Retry-After`: https://clickwrap-developer.ironcladapp.com/reference/rate-limits */
function limited(state: IroncladState, key: string, limit: number): Answer | undefined {
  const { modes } = state;
  if (!modes.rateLimits) return undefined;
  const waitMs = state.limiter.take(key, limit, modes.rateWindowMs);
  if (waitMs === undefined) return undefined;
  state.traffic.count("rateLimited");
  const answer = errorAnswer(modes, 429);
  switch (modes.retryAfter) {
    case "seconds":
      return { ...answer, headers: { "retry-after": String(Math.ceil(waitMs / 1000)) } };
    case "date":
      return { ...answer, headers: { "retry-after": new Date(state.now() + waitMs + 999).toUTCString() } };
    case "absent":
      return answer;
  }
}

function takeFaults(state: IroncladState, { call, parameters, entry }: Received): readonly Fault[] {
  const page = Number(parameters.get("page") ?? 1);
  const faults = state.faults.take({ call: call.name, page, site: entry.site, account: entry.account });
  if (faults.length === 0) return faults;
  state.traffic.count("faults");
  entry.faults = faults.map(({ kind }) => kind);
  return faults;
}

/** What the effects and the answer faults make of the request; undefined when the real answer is still to be given. */
function spoiltAnswer(state: IroncladState, received: Received, faults: readonly Fault[]): Answer | undefined {
  const { modes, now } = state;
  let answer: Answer | undefined;
  for (const fault of faults) {
    if (isEffectFault(fault)) {
      if (fault.kind === "remove-users") removeUsers(state.roster, fault);
      else {
        state.tokens.revokeAll();
        answer = errorAnswer(modes, 401);
      }
    } else if (isAnswerFault(fault)) {
      const errorBody = (status: number) => envelopeBody(modes, status);
      answer = answerOfFault(fault, { ownAddress: received.address, now: now(), errorBody });
    }
  }
  return answer;
}

function answerCall(state: IroncladState, received: Received, faults: readonly Fault[]): Answer {
  const { modes } = state;
  const { call, parameters, request, body, entry } = received;
  const notFound = errorAnswer(modes, 404);
  const isVisible = (site: number) => siteIds(modes).includes(site) && siteState(modes, site) !== "deleted";
  switch (call.name) {
    case "unknown":
      return notFound;
    case "status":
      return jsonAnswer(200, '{"data":{"status":"ok"}}');
    case "token": {
      const { authorization, "content-type": contentType = "" } = request.headers;
      return answerTokenRequest(state, { contentType, authorization, body }, entry);
    }
    case "sites":
      return answerListing(state, parameters, faults, "all", (query) => listSites(state, query));
    case "site":
      return siteIds(modes).includes(call.site) ? single(siteObject(modes, call.site)) : notFound;
    case "account":
      if (modes.inferredCalls === "absent" || !accountIds(modes).includes(call.account)) return notFound;
      return single(accountObject(call.account));
    case "members":
      if (!accountIds(modes).includes(call.account)) return notFound;
      if (modes.membersRole === "forbidden") return errorAnswer(modes, 403);
      return answerListing(state, parameters, faults, "all", (query) => listMembers(state, call.account, query));
    case "memberships":
      if (!isVisible(call.site)) return notFound;
      return answerListing(state, parameters, faults, "paging-expand-filter", (query) =>
        listMemberships(state, call.site, query),
      );
    case "site-members":
      if (modes.inferredCalls === "absent" || !isVisible(call.site)) return notFound;
      return answerListing(state, parameters, faults, "all", (query) => listSiteMembers(state, call.site, query));
    case "update-membership":
      return isVisible(call.site) ? updateMembership(state, call.site, call.user, body) : notFound;
  }
}

/** Single objects stand in `data` too. */
function single(object: unknown): Answer {
  return jsonAnswer(200, JSON.stringify({ data: object }));
}

function requestIdHeader({ modes }: IroncladState, entry: RequestLogEntry): Readonly<Record<string, string>> {
  if (modes.requestIdHeader === null) return {};
  return { [modes.requestIdHeader]: `sandbox-${entry.number}` };
}
