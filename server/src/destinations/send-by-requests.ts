import type { PersonSettings } from "@rollcall/core/destination/plan-person.ts";
import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import { changePerson, createPerson } from "./create-person.ts";
import { lookUpPeople } from "./find-people.ts";
import { inParallel } from "./in-parallel.ts";
import { concurrentRequests } from "./open-oomnitza.ts";
import type { PeoplePlan, PlannedPerson } from "./plan-people.ts";
import type { PushContext } from "./push-context.ts";
import { openBreaker, outcomeOfError } from "./push-failure.ts";
import type { Settle } from "./push-people.ts";

/** Sends a request for each person. Changes go before creations, so that a new person may take a value that somebody gives up. */
export async function sendByRequests(
  context: PushContext,
  settings: PersonSettings,
  { keyColumn, columns, found, planned }: PeoplePlan,
  settle: Settle,
): Promise<void> {
  const breaker = openBreaker();
  await inParallel(planned, concurrentRequests, async ({ person, plan, remote }) => {
    if (plan.kind !== "update" || remote === null) return;
    const outcome = await changePerson(context, remote.user_id, plan.body).then(
      () => ({ kind: "done" as const, actions: plan.actions }),
      outcomeOfError,
    );
    await settle(person, { outcome, remoteId: outcome.kind === "done" ? remote.user_id : null });
    breaker.note(outcome);
  });

  const creations = planned.filter(({ plan }) => plan.kind === "create");
  const absent = found.complete ? () => "absent" as const : await askForEach(context, keyColumn, columns, creations);
  await inParallel(creations, concurrentRequests, async ({ person, plan, key }) => {
    if (plan.kind !== "create") return;
    if (key === "") return await settle(person, { outcome: keyless, remoteId: null });
    // One that is known may be there under another key, and then it is not made anew.
    const mayBeThere = absent(key) !== "absent" || (person.remoteId !== null && !found.complete);
    if (mayBeThere) return await settle(person, { outcome: unread, remoteId: null });
    const made = await createPerson(context, { settings, wanted: person, body: plan.body, key, keyColumn, columns });
    await settle(person, made);
    breaker.note(made.outcome);
  });
}

/** After an incomplete reading: who is really not there may be created, anybody else waits for the next push. */
async function askForEach(
  { oomnitza }: PushContext,
  keyColumn: string,
  columns: readonly string[],
  creations: readonly PlannedPerson[],
): Promise<(key: string) => "absent" | "there" | "unknown"> {
  const looked = await lookUpPeople(
    oomnitza,
    keyColumn,
    columns,
    creations.map(({ key }) => key).filter((key) => key !== ""),
  );
  return (key) => {
    const found = looked.get(comparable(key));
    if (found === undefined) return "unknown";
    return found.length === 0 ? "absent" : "there";
  };
}

const keyless = {
  kind: "failed",
  actions: [],
  code: "destination.key_missing",
  problem: "The person has no value in the field by which people are found in the instance.",
} as const;

const unread = {
  kind: "postponed",
  actions: [],
  code: "destination.unsettled",
  problem: "The instance's list of people was not complete, so that it is not known whether the person is there.",
} as const;
