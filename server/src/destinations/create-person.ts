import {
  type PersonPlan,
  type PersonSettings,
  planPerson,
  type WantedPerson,
} from "@rollcall/core/destination/plan-person.ts";
import { idOf, membersOf } from "@rollcall/core/destination/read-answers.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import { lookUpPeople } from "./find-people.ts";
import { type PushContext, waitBeforeAgain, write } from "./push-context.ts";
import { outcomeOfError, type RecordOutcome } from "./push-failure.ts";

export type SettledPerson = { readonly outcome: RecordOutcome; readonly remoteId: string | null };

type NewPerson = {
  readonly settings: PersonSettings;
  readonly wanted: WantedPerson;
  readonly body: (PersonPlan & { readonly kind: "create" })["body"];
  readonly key: string;
  readonly keyColumn: string;
  readonly columns: readonly string[];
};

const mostTries = 3;

/**
 * Creates a person, once. When it is not known whether the instance acted on a request, it is asked for the key before anything is
 * sent again; when even that cannot be known now, the next push finds out.
 */
export async function createPerson(context: PushContext, person: NewPerson): Promise<SettledPerson> {
  for (let tries = 1; ; tries += 1) {
    const doubt = await tryToCreate(context, person.body);
    if (doubt.kind === "settled") return doubt.settled;
    await waitBeforeAgain(context, tries);
    const looked = await lookUpPeople(context.oomnitza, person.keyColumn, person.columns, [person.key]);
    const found = looked.get(comparable(person.key));
    const [only, ...others] = found ?? [];
    if (only !== undefined && others.length === 0) return await finishCreated(context, person, only);
    if (only !== undefined) return settled(ambiguous(person.key, found?.length ?? 0));
    // Without any answer the request may still be on its way.
    if (found === undefined || doubt.mayStillArrive || tries >= mostTries) return settled(unsettled(doubt.error));
  }
}

type Doubt =
  | { readonly kind: "settled"; readonly settled: SettledPerson }
  | { readonly kind: "doubt"; readonly mayStillArrive: boolean; readonly error: ProductError };

async function tryToCreate(context: PushContext, body: NewPerson["body"]): Promise<Doubt> {
  try {
    const answer = membersOf(
      await write(context, {
        kind: "create-person",
        method: "POST",
        path: "/users",
        body,
        idempotent: "unless-processed",
      }),
    );
    const remoteId = idOf(answer.user_id);
    if (remoteId !== undefined) {
      return { kind: "settled", settled: { outcome: { kind: "done", actions: ["created"] }, remoteId } };
    }
    const error = new ProductError("destination.unsettled", "The instance answered without the id of the new person.");
    return { kind: "doubt", mayStillArrive: false, error };
  } catch (error) {
    if (!(error instanceof ProductError) || !isDoubtful(error)) {
      return { kind: "settled", settled: settled(outcomeOfError(error)) };
    }
    return { kind: "doubt", mayStillArrive: error.code === "vendor.unreachable", error };
  }
}

function isDoubtful({ code }: ProductError): boolean {
  return (
    code === "vendor.unavailable" ||
    code === "vendor.unreachable" ||
    code === "vendor.bad_response" ||
    code === "vendor.response_too_large"
  );
}

/** The request had been acted on after all; what is missing of it is added. */
async function finishCreated(
  context: PushContext,
  { settings, wanted }: NewPerson,
  found: Readonly<Record<string, unknown>> & { readonly user_id: string },
): Promise<SettledPerson> {
  const remoteId = found.user_id;
  const plan = planPerson(settings, wanted, found);
  if (plan.kind === "update") {
    try {
      await changePerson(context, remoteId, plan.body);
    } catch (error) {
      return { outcome: outcomeOfError(error, ["created"]), remoteId };
    }
  }
  return { outcome: { kind: "done", actions: ["created"] }, remoteId };
}

/** Sets values, so that doing it twice is the same as once. */
export async function changePerson(
  context: PushContext,
  remoteId: string,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = `/users/${encodeURIComponent(remoteId)}`;
  await write(context, { kind: "change-person", method: "PATCH", path, body, idempotent: true });
}

export function ambiguous(key: string, count: number): RecordOutcome {
  return {
    kind: "failed",
    actions: [],
    code: "destination.ambiguous",
    problem: `The instance has ${count} people with the key ${JSON.stringify(key)}, so that none is chosen.`,
  };
}

function unsettled({ message }: ProductError): RecordOutcome {
  return { kind: "postponed", actions: [], code: "destination.unsettled", problem: message };
}

function settled(outcome: RecordOutcome): SettledPerson {
  return { outcome, remoteId: null };
}
