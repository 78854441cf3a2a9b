import {
  type AssignedUser,
  inChunks,
  planSaasUsers,
  type WantedSaasUser,
} from "@rollcall/core/destination/plan-saas-users.ts";
import {
  elementErrors,
  firstError,
  idOf,
  membersOf,
  readAssignedUser,
} from "@rollcall/core/destination/read-answers.ts";
import { inParallel } from "./in-parallel.ts";
import { concurrentRequests } from "./open-oomnitza.ts";
import { type PushContext, write } from "./push-context.ts";
import { openBreaker, outcomeOfError, type RecordOutcome, refusedElement } from "./push-failure.ts";
import { readList } from "./read-list.ts";

/** oomnitza-api.md §9: bulk calls in chunks of 100. */
const chunkSize = 100;

/**
 * Brings the users of one SaaS application into step: assigned, activated, their ids and roles, deactivated; in bulk where there is a
 * bulk call. All of it sets states, so that a repetition does no harm. Every element of a partly successful answer is read.
 */
export async function pushSaasUsers(
  context: PushContext,
  saasId: string,
  wanted: readonly WantedSaasUser[],
): Promise<void> {
  const assigned = await readAssigned(context, saasId, new Set(wanted.map(({ userId }) => userId)));
  const plan = planSaasUsers(wanted, assigned);
  const results = openResults(context, wanted, assigned);
  const application = `/saas/${encodeURIComponent(saasId)}`;

  for (const users of results.chunks(plan.assign)) {
    await results.bulk(users, "assigned", async () => {
      const body = users.map(({ userId }) => ({ user_id: userId, assign: true }));
      const answer = await write(context, {
        kind: "assign",
        method: "POST",
        path: `${application}/users`,
        body,
        idempotent: true,
      });
      const errors = elementErrors(answer);
      return ({ userId }) => errors.get(userId) ?? null;
    });
  }
  for (const users of results.chunks(plan.activate)) await results.setActive(users, true);
  await inParallel(plan.externalIds.filter(results.isFine), concurrentRequests, (user) =>
    results.bulk([user], "external-id", async () => {
      const answer = await write(context, {
        kind: "external-id",
        method: "POST",
        path: `${application}/users/${encodeURIComponent(user.userId)}`,
        body: { user_external_id: user.externalId },
        idempotent: true,
      });
      return () => firstError(answer);
    }),
  );
  for (const { roles, users } of plan.roles) {
    for (const group of results.chunks(users)) {
      await results.bulk(group, "role", async () => {
        const body = {
          users: group.map(({ userId }) => userId),
          roles: roles.map((role) => ({ role_external_id: role, role_external_label: role })),
        };
        const answer = await write(context, {
          kind: "roles",
          method: "PATCH",
          path: `${application}/roles/users`,
          body,
          idempotent: true,
        });
        return errorsByMention(answer, group);
      });
    }
  }
  for (const users of results.chunks(plan.deactivate)) await results.setActive(users, false);
  await results.settle();
}

async function readAssigned(
  { oomnitza }: PushContext,
  saasId: string,
  userIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, AssignedUser>> {
  const assigned = new Map<string, AssignedUser>();
  await readList(oomnitza, {
    kind: "read-saas-users",
    path: `/saas/${encodeURIComponent(saasId)}/users`,
    idOfRow: (row) => idOf(row.user_id),
    onRow: (row) => {
      const user = readAssignedUser(row);
      if (user !== undefined && userIds.has(user.userId)) assigned.set(user.userId, user);
    },
  });
  return assigned;
}

type Errors = (user: WantedSaasUser) => string | null;
type Action = "assigned" | "activated" | "external-id" | "role" | "deactivated";

/** What became of each user so far. */
function openResults(
  context: PushContext,
  wanted: readonly WantedSaasUser[],
  assigned: ReadonlyMap<string, AssignedUser>,
) {
  const actions = new Map<string, Action[]>(wanted.map(({ id }) => [id, []]));
  const failures = new Map<string, RecordOutcome>();
  const breaker = openBreaker();
  const isFine = ({ id }: WantedSaasUser): boolean => !failures.has(id);
  const stateIdOf = ({ userId, stateId }: WantedSaasUser): string => assigned.get(userId)?.stateId ?? stateId ?? userId;

  /** One request about some users; `ask` tells the error of each. */
  const bulk = async (users: readonly WantedSaasUser[], action: Action, ask: () => Promise<Errors>): Promise<void> => {
    const errors = await ask().catch((error: unknown) => outcomeOfError(error));
    for (const user of users) {
      const error = typeof errors === "function" ? errors(user) : null;
      if (typeof errors !== "function") failures.set(user.id, errors);
      else if (error !== null) failures.set(user.id, refusedElement(error, []));
      else actions.get(user.id)?.push(action);
    }
    breaker.note(typeof errors === "function" ? { kind: "done", actions: [] } : errors);
  };
  return {
    isFine,
    bulk,
    chunks: (users: readonly WantedSaasUser[]) => inChunks(users.filter(isFine), chunkSize),
    setActive: async (users: readonly WantedSaasUser[], active: boolean): Promise<void> => {
      await bulk(users, active ? "activated" : "deactivated", async () => {
        const kind = active ? "activate" : "deactivate";
        const body = { saas_user_ids: users.map(stateIdOf) };
        const answer = await write(context, {
          kind,
          method: "PATCH",
          path: `/saas_users/${kind}`,
          body,
          idempotent: true,
        });
        const errors = elementErrors(answer);
        const told = new Set([answer].flat().map((element) => idOf(membersOf(element).saas_user_id)));
        return (user) => {
          const id = stateIdOf(user);
          return errors.get(id) ?? (told.has(id) ? null : "The answer does not mention the user.");
        };
      });
    },
    settle: async (): Promise<void> => {
      for (const user of wanted) {
        const { id, active, pushedActive } = user;
        const done = actions.get(id) ?? [];
        const failure = failures.get(id);
        const outcome =
          failure === undefined ? { kind: "done" as const, actions: done } : { ...failure, actions: done };
        // What was done of it counts, so that an activation which succeeded is not lost with a role that was refused.
        const isThere = active
          ? done.includes("assigned") || done.includes("activated") || assigned.has(user.userId)
          : done.includes("deactivated") || (failure === undefined && pushedActive !== null);
        const state = isThere ? { saasUserId: id, stateId: stateIdOf(user), active } : null;
        await context.ledger.saasUser(id, outcome, state);
      }
    },
  };
}

/** The answer about roles names users in its texts, if at all; an error that names nobody is everybody's. */
function errorsByMention(answer: unknown, users: readonly WantedSaasUser[]): Errors {
  const { error, errors } = membersOf(answer);
  const texts = [error, errors]
    .flat()
    .filter((each) => each !== null && each !== undefined)
    .map((each) => JSON.stringify(each));
  const named = texts.filter((text) => users.some(({ userId }) => text.includes(userId)));
  return ({ userId }) =>
    named.find((text) => text.includes(userId)) ?? (texts.length > named.length ? (firstError(answer) ?? null) : null);
}
