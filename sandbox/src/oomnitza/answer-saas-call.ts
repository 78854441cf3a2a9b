import type { Answer } from "../http/answer.ts";
import type { JsonObject, JsonValue } from "../population/ironclad-user.ts";
import { answerList } from "./answer-list.ts";
import { firstHalf } from "./first-half.ts";
import { json, members, type OomnitzaRequest, refusal, texts } from "./oomnitza-request.ts";
import {
  type Application,
  addApplication,
  findPerson,
  hexId,
  type OomnitzaState,
  type SaasUser,
} from "./oomnitza-state.ts";

/** Calls below `/api/v3/saas` and `/api/v3/saas_users`; undefined when the call is another. */
export function answerSaasCall(request: OomnitzaRequest): Answer | undefined {
  const { state, call, body } = request;
  const [ident = "", userId = ""] = call.ids;
  const within = (answer: (application: Application) => Answer): Answer => {
    const application = state.applications.get(ident);
    return application === undefined ? refusal(404, "There is no such SaaS application.") : answer(application);
  };
  switch (call.name) {
    case "saas":
      return answerList(request, state.applications.values().map(describe));
    case "create-saas":
      return createApplication(request);
    case "saas-application":
      return within((application) => json(200, describe(application)));
    case "change-saas":
      return within((application) => {
        Object.assign(application.facts, members(body));
        return json(200, describe(application));
      });
    case "assigned-users":
      return within((application) => answerList(request, assignedUsers(state, application)));
    case "saas-users":
      return answerList(
        request,
        state.applications.values().flatMap((each) => assignedUsers(state, each)),
      );
    case "assign-users":
      return within((application) => assignUsers(request, application));
    case "external-id":
      return within((application) => setExternalId(application, userId, members(body).user_external_id));
    case "roles":
      return within((application) => json(200, rolesOf(application)));
    case "create-role":
      return within((application) => json(200, describeRole(application, roleOf(application, members(body)))));
    case "set-roles":
      return within((application) => setRoles(request, application, "overwrite"));
    case "add-roles":
      return within((application) => setRoles(request, application, "add"));
    case "activate":
      return setActive(request, true);
    case "deactivate":
      return setActive(request, false);
    default:
      return undefined;
  }
}

function createApplication({ state, body }: OomnitzaRequest): Answer {
  const facts = members(body);
  if (typeof facts.saas_name !== "string" || facts.saas_name === "") return refusal(400, "saas_name: is mandatory");
  return json(201, { saas_id: addApplication(state, facts).id });
}

function describe({ id, facts }: Application): JsonObject {
  return { saas_id: id, linked: null, link_key: null, source: "api", ignored: false, ...facts };
}

function assignedUsers(state: OomnitzaState, application: Application): readonly JsonObject[] {
  return [...application.users.values()]
    .filter(({ active }) => active || state.modes.deactivatedUsers === "listed")
    .map((user) => {
      const person = state.people.get(user.userId) ?? {};
      return {
        user_id: user.userId,
        ...(state.modes.saasUserIds === "own" ? { saas_user_id: user.ownId } : {}),
        username: person.username ?? null,
        email: person.email ?? null,
        full_name: person.full_name ?? null,
        user_external_id: user.externalId,
        last_visit: null,
        old_usage: false,
        contract_id: null,
        media_url: null,
        roles: user.roles.map((label) => describeRole(application, label)),
      };
    });
}

/** `[{"user_id", "assign"}]`: assigns and unassigns; a person who is assigned already stays so. */
function assignUsers({ state, body, faults }: OomnitzaRequest, { users, id }: Application): Answer {
  if (!Array.isArray(body)) return refusal(400, "The body must be an array.");
  const wanted = firstHalf(body, faults).map(members);
  const results = wanted.map(({ user_id, assign }) => {
    const person = typeof user_id === "string" ? findPerson(state, user_id) : undefined;
    if (person === undefined) return { user_id: user_id ?? null, error: "There is no such user." };
    const userId = String(person.user_id);
    if (assign === false) users.delete(userId);
    else if (!users.has(userId)) {
      const ownId = hexId(Number(id) * 1_000_000 + Number(person.uid));
      users.set(userId, { userId, ownId, externalId: null, roles: [], active: true });
    }
    return { user_id: userId, error: null };
  });
  return state.modes.assignAnswer === "empty"
    ? { status: 200, contentType: "application/json", body: "" }
    : json(200, results);
}

function setExternalId({ users }: Application, userId: string, value: JsonValue | undefined): Answer {
  const user = users.get(userId);
  if (user === undefined) return json(200, { user_external_id: null, errors: ["The user is not assigned."] });
  user.externalId = typeof value === "string" ? value : null;
  return json(200, { user_external_id: user.externalId, errors: null });
}

/** Roles that are not there yet are made. The answer names what went wrong by user, else null. */
function setRoles({ body, faults }: OomnitzaRequest, application: Application, how: "overwrite" | "add"): Answer {
  const { users, roles } = members(body);
  const ids = texts(users);
  if (ids === undefined || !Array.isArray(roles)) return refusal(400, "users and roles must be lists.");
  const labels = roles.map((role) =>
    roleOf(application, typeof role === "string" ? { role_external_label: role } : members(role)),
  );
  const errors = firstHalf(ids, faults).flatMap((id) => {
    const user = application.users.get(id);
    if (user === undefined) return [`${id}: the user is not assigned`];
    user.roles = how === "add" ? [...new Set([...user.roles, ...labels])] : [...new Set(labels)];
    return [];
  });
  return json(200, { errors: errors.length === 0 ? null : errors });
}

function roleOf({ roles, id }: Application, given: Readonly<Record<string, JsonValue>>): string {
  const label = String(given.role_external_label ?? given.role_external_id ?? "");
  if (!roles.has(label)) {
    roles.set(label, { id: `${id}-${roles.size + 1}`, externalId: String(given.role_external_id ?? label), label });
  }
  return label;
}

function describeRole({ roles, id }: Application, label: string): JsonObject {
  const role = roles.get(label);
  return {
    role_id: role?.id ?? null,
    saas_id: id,
    source: "api",
    role_external_id: role?.externalId ?? null,
    role_external_label: label,
  };
}

function rolesOf(application: Application): readonly JsonObject[] {
  const users = [...application.users.values()];
  return [...application.roles.keys()].map((label) => ({
    ...describeRole(application, label),
    users_count: users.filter(({ roles }) => roles.includes(label)).length,
  }));
}

/** 200 with one element for each id, each with its own error or null. */
function setActive({ state, body, faults }: OomnitzaRequest, active: boolean): Answer {
  const ids = texts(members(body).saas_user_ids);
  if (ids === undefined) return refusal(400, "saas_user_ids must be a list of texts.");
  const results = firstHalf(ids, faults).map((id) => {
    const users = findSaasUsers(state, id);
    for (const user of users) user.active = active;
    return { saas_user_id: id, error: users.length === 0 ? "There is no such SaaS user." : null };
  });
  return json(200, results);
}

function findSaasUsers({ applications, modes }: OomnitzaState, id: string): readonly SaasUser[] {
  return [...applications.values()].flatMap(({ users }) =>
    [...users.values()].filter((user) => (modes.saasUserIds === "own" ? user.ownId : user.userId) === id),
  );
}
