import type { IncomingMessage, ServerResponse } from "node:http";
import { answerOfFault } from "../faults/answer-faults.ts";
import { type Fault, isAnswerFault, isDeliveryFault, isSilent, isWriteFault } from "../faults/fault.ts";
import type { Answer } from "../http/answer.ts";
import { deliver } from "../http/deliver.ts";
import { readBody } from "../http/read-body.ts";
import type { JsonValue } from "../population/ironclad-user.ts";
import { answerBulkCall } from "./answer-bulk-call.ts";
import { windowOf } from "./answer-list.ts";
import { answerPeopleCall, answerTokenRequest } from "./answer-people-call.ts";
import { answerSaasCall } from "./answer-saas-call.ts";
import { processPortions } from "./bulk-run.ts";
import { type OomnitzaCall, oomnitzaCallOf } from "./oomnitza-call.ts";
import { type OomnitzaRequest, refusal } from "./oomnitza-request.ts";
import type { OomnitzaState } from "./oomnitza-state.ts";

export async function answerOomnitzaRequest(
  state: OomnitzaState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = request.url ?? "/";
  const url = new URL(address, "http://oomnitza");
  const call = oomnitzaCallOf(request.method ?? "", url.pathname);
  const { entry, end } = state.traffic.begin({
    at: state.now(),
    call: call.name,
    method: request.method ?? "",
    path: url.pathname,
    query: Object.fromEntries([...url.searchParams].filter(([name]) => !/^(api_key|access_token)$/.test(name))),
    userAgent: request.headers["user-agent"],
  });
  response.on("close", end);
  const text = await readBody(request);
  const write = note(state, request.method ?? "", call, url.pathname, text);
  const barred = call.name === "request-token" || isKnown(state, request) ? undefined : refusal(401, "Unauthorized.");
  const { page } = windowOf({ state, parameters: url.searchParams });
  const faults = barred === undefined ? state.faults.take({ call: call.name, page }) : [];
  if (faults.length > 0) {
    state.traffic.count("faults");
    entry.faults = faults.map(({ kind }) => kind);
  }
  const answer =
    barred ??
    instead(faults, address) ??
    badQuery(address) ??
    afterHalf(
      faults,
      answerCall(
        { state, call, parameters: url.searchParams, ...bodyOf(text), headers: request.headers, faults },
        text,
      ),
    );
  if (!faults.some(isSilent)) {
    state.traffic.answered(entry, answer.status);
    if (write !== undefined) write.status = answer.status;
  }
  await deliver(response, answer, {}, faults.filter(isDeliveryFault));
}

function answerCall(request: OomnitzaRequest, text: string): Answer {
  processPortions(request.state);
  if (request.call.name === "request-token") return answerTokenRequest(request, new URLSearchParams(text));
  return (
    answerPeopleCall(request) ??
    answerSaasCall(request) ??
    answerBulkCall(request) ??
    refusal(404, "There is no such call.")
  );
}

/** The token in its own header, or the name and password of a user. */
function isKnown({ credentials }: OomnitzaState, { headers }: IncomingMessage): boolean {
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  return headers.authorization2 === credentials.token || headers.authorization === `Basic ${pair}`;
}

/** "URL-encode values, otherwise 400": a filter whose text came with characters that have to be encoded. */
function badQuery(address: string): Answer | undefined {
  const raw = /[?&]filter=([^&]*)/.exec(address)?.[1];
  return raw === undefined || /^[\w.~%!*'()+-]*$/.test(raw)
    ? undefined
    : refusal(400, "The filter is not URL-encoded.");
}

function instead(faults: readonly Fault[], ownAddress: string): Answer | undefined {
  const [fault] = faults.filter(isAnswerFault);
  const errorBody = (status: number) => refusal(status).body;
  return fault && answerOfFault(fault, { ownAddress, now: Date.now(), errorBody });
}

function afterHalf(faults: readonly Fault[], answer: Answer): Answer {
  const fault = faults.find(isWriteFault);
  return fault === undefined ? answer : refusal(fault.status ?? 500, "Something went wrong half-way.");
}

/** Remembers what came to be written, whether or not it is. */
function note(state: OomnitzaState, method: string, { name }: OomnitzaCall, path: string, text: string) {
  if (method === "GET" || name === "request-token") return undefined;
  const write: OomnitzaState["received"][number] = { call: name, path, body: bodyOf(text).body ?? null };
  state.received.push(write);
  return write;
}

function bodyOf(text: string): { readonly body: JsonValue | undefined } {
  try {
    return { body: JSON.parse(text) as JsonValue };
  } catch {
    return { body: undefined };
  }
}
