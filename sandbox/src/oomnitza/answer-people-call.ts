import type { Answer } from "../http/answer.ts";
import { answerList } from "./answer-list.ts";
import { json, type OomnitzaRequest, refusal } from "./oomnitza-request.ts";
import {
  addPerson,
  changePersonRecord,
  findPerson,
  type PersonRecord,
  removePerson,
  takenField,
} from "./oomnitza-state.ts";
import { personFields, personMeta, readPersonFields } from "./person-fields.ts";

/** Calls below `/api/v3/users`; undefined when the call is another. */
export function answerPeopleCall(request: OomnitzaRequest): Answer | undefined {
  const { state, call } = request;
  const [ident = ""] = call.ids;
  switch (call.name) {
    case "users-meta":
      return json(200, personMeta());
    case "users":
      return answerList(request, state.people.values());
    case "create-user":
      return createPerson(request);
    case "user":
      return withPerson(request, ident, (person) => json(200, person));
    case "change-user":
      return withPerson(request, ident, (person) => changePerson(request, person));
    case "delete-user":
      return withPerson(request, ident, (person) => {
        removePerson(state, person);
        return { status: 204, contentType: "application/json", body: "" };
      });
    default:
      return undefined;
  }
}

function createPerson({ state, body, headers }: OomnitzaRequest): Answer {
  const read = readPersonFields(body ?? null, ignoresEditable(headers));
  if (read.kind === "refused") return refusal(400, ...read.errors);
  const missing = personFields.filter(
    ({ uid, mandatory }) => mandatory === true && (read.fields[uid] ?? null) === null,
  );
  if (missing.length > 0) return refusal(400, ...missing.map(({ uid }) => `${uid}: is mandatory`));
  const taken = state.modes.duplicates === "refused" ? takenField(state, read.fields, undefined) : undefined;
  return taken === undefined ? json(200, addPerson(state, read.fields)) : refusal(400, `${taken}: the value is taken`);
}

function changePerson({ state, body, headers }: OomnitzaRequest, person: PersonRecord): Answer {
  const read = readPersonFields(body ?? null, ignoresEditable(headers));
  if (read.kind === "refused") return refusal(400, ...read.errors);
  const taken = takenField(state, read.fields, person);
  if (taken !== undefined) return refusal(400, `${taken}: the value is taken`);
  changePersonRecord(state, person, read.fields);
  return json(200, person);
}

function withPerson({ state }: OomnitzaRequest, ident: string, answer: (person: PersonRecord) => Answer): Answer {
  const person = findPerson(state, ident);
  return person === undefined ? refusal(404, "There is no such user.") : answer(person);
}

function ignoresEditable(headers: OomnitzaRequest["headers"]): boolean {
  return headers["oomnitza-ignore-meta-restriction"] === "1";
}

/** `POST /api/request_token`: a token for a password, form-encoded. */
export function answerTokenRequest({ state }: Pick<OomnitzaRequest, "state">, form: URLSearchParams): Answer {
  const { username, password, token } = state.credentials;
  const right = form.get("login") === username && form.get("password") === password;
  return right ? json(200, { token }) : refusal(401, "Wrong login or password.");
}
