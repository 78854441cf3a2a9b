import {
  type DeliveryOutcome,
  type LeasedDestination,
  type PushedState,
  saveOutcomes,
  savePersonIds,
  type WaitingDelivery,
} from "../features/destinations/push-store.ts";
import type { DestinationParts } from "./open-oomnitza.ts";
import type { RecordOutcome } from "./push-failure.ts";

/** Writes down what becomes of the deliveries of a push while it goes on. */
export type Ledger = {
  /** A person is settled: ends their deliveries, but for those that have a SaaS user still to come. */
  readonly person: (personId: string, outcome: RecordOutcome, remoteId: string | null) => Promise<void>;
  readonly saasUser: (saasUserId: string, outcome: RecordOutcome, state: PushedState | null) => Promise<void>;
  /** Ends what nobody spoke of: records that are gone from the inventory. */
  readonly rest: () => Promise<void>;
  readonly flush: () => Promise<void>;
};

const batch = 200;

/** A record that is postponed so often has failed. */
const mostAttempts = 12;
const longestWaitSeconds = 6 * 3600;

type LedgerParts = {
  readonly parts: Pick<DestinationParts, "database" | "retry">;
  readonly leased: LeasedDestination;
  readonly deliveries: readonly WaitingDelivery[];
  /** Whether the delivery is about a user of an application too. */
  readonly hasSaasPart: (delivery: WaitingDelivery) => boolean;
  /** The lease turned out to be lost. */
  readonly onLost: () => void;
};

export function openLedger({ parts, leased, deliveries, hasSaasPart, onLost }: LedgerParts): Ledger {
  const byPerson = Map.groupBy(deliveries, ({ personId }) => personId);
  const bySaasUser = Map.groupBy(deliveries.filter(hasSaasPart), ({ saasUserId }) => saasUserId);
  const ended = new Set<string>();
  const peoplesActions = new Map<string, readonly string[]>();
  let outcomes: DeliveryOutcome[] = [];
  let states: PushedState[] = [];
  let ids: { personId: string; remoteId: string }[] = [];

  const flush = async (): Promise<void> => {
    const [told, pushed, known] = [outcomes, states, ids];
    [outcomes, states, ids] = [[], [], []];
    if (told.length + pushed.length + known.length === 0) return;
    if (known.length > 0) await savePersonIds(parts.database, leased, known);
    if (!(await saveOutcomes(parts.database, leased, told, pushed))) onLost();
  };
  const flushFull = async (): Promise<void> => {
    if (outcomes.length + states.length + ids.length >= batch) await flush();
  };
  const end = (delivery: WaitingDelivery, outcome: RecordOutcome): void => {
    if (ended.has(delivery.id)) return;
    ended.add(delivery.id);
    const before = peoplesActions.get(delivery.personId) ?? [];
    outcomes.push(deliveryOutcome(delivery, outcome, before, parts.retry?.baseMs ?? 500));
  };
  return {
    person: async (personId, outcome, remoteId) => {
      if (remoteId !== null) ids.push({ personId, remoteId });
      for (const delivery of byPerson.get(personId) ?? []) {
        if (outcome.kind !== "done" || !hasSaasPart(delivery)) end(delivery, outcome);
      }
      if (outcome.kind === "done") peoplesActions.set(personId, outcome.actions);
      await flushFull();
    },
    saasUser: async (saasUserId, outcome, state) => {
      if (state !== null) states.push(state);
      for (const delivery of bySaasUser.get(saasUserId) ?? []) end(delivery, outcome);
      await flushFull();
    },
    rest: async () => {
      for (const delivery of deliveries) end(delivery, { kind: "done", actions: [] });
      await flush();
    },
    flush,
  };
}

function deliveryOutcome(
  { id, attempts }: WaitingDelivery,
  outcome: RecordOutcome,
  before: readonly string[],
  baseMilliseconds: number,
): DeliveryOutcome {
  const actions = [...before, ...outcome.actions];
  switch (outcome.kind) {
    case "done":
      return { id, state: "done", actions, code: null, problem: null, waitSeconds: 0 };
    case "failed":
      return { id, state: "failed", actions, code: outcome.code, problem: outcome.problem, waitSeconds: 0 };
    case "postponed": {
      // A minute, two, four …, for the usual base of half a second.
      const waitSeconds = Math.min(longestWaitSeconds, (baseMilliseconds * 120 * 2 ** attempts) / 1000);
      const state = attempts + 1 >= mostAttempts ? "failed" : "waiting";
      return { id, state, actions, code: outcome.code, problem: outcome.problem, waitSeconds };
    }
  }
}
