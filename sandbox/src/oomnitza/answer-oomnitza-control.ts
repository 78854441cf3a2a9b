import type { IncomingMessage } from "node:http";
import type { FaultRule } from "../faults/fault-schedule.ts";
import { type Answer, jsonAnswer } from "../http/answer.ts";
import { BadInput } from "../http/bad-input.ts";
import { readBody } from "../http/read-body.ts";
import type { OomnitzaState } from "./oomnitza-state.ts";

/** The control API of the Oomnitza sandbox, for the loopback interface only. */
export async function answerOomnitzaControl(state: OomnitzaState, request: IncomingMessage): Promise<Answer> {
  if (!/^(::1|(::ffff:)?127\.)/.test(request.socket.remoteAddress ?? "")) {
    return answer(403, { error: "The control API answers the loopback interface only." });
  }
  const text = await readBody(request);
  switch (`${request.method} ${new URL(request.url ?? "/", "http://sandbox").pathname}`) {
    case "GET /_sandbox":
      return answer(200, { modes: state.modes, people: state.people.size, applications: describeApplications(state) });
    case "GET /_sandbox/people":
      return answer(200, [...state.people.values()]);
    case "GET /_sandbox/received":
      return answer(200, state.received.slice(-1000));
    case "GET /_sandbox/requests":
      return answer(200, state.traffic.log().slice(-1000));
    case "GET /_sandbox/counters":
      return answer(200, state.traffic.counters());
    case "POST /_sandbox/faults":
      return addFaults(state, text);
    case "DELETE /_sandbox/faults":
      state.faults.clear();
      return answer(200, { ok: true });
    default:
      return answer(404, { error: "There is no such call; see the sandbox's README." });
  }
}

function describeApplications({ applications }: OomnitzaState) {
  return [...applications.values()].map(({ id, facts, users, roles }) => ({
    id,
    ...facts,
    users: [...users.values()],
    roles: [...roles.values()],
  }));
}

function addFaults({ faults }: OomnitzaState, text: string): Answer {
  try {
    faults.add([JSON.parse(text)].flat() as FaultRule[]);
    return answer(200, { ok: true });
  } catch (cause) {
    if (cause instanceof BadInput || cause instanceof SyntaxError) return answer(400, { error: cause.message });
    throw cause;
  }
}

function answer(status: number, body: unknown): Answer {
  return jsonAnswer(status, JSON.stringify(body));
}
