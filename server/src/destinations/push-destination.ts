import type { PersonSettings } from "@rollcall/core/destination/plan-person.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import {
  type FollowedApplication,
  forgetOldDeliveries,
  type LeasedDestination,
  leaseDestination,
  leaseSeconds,
  listFollowedApplications,
  listPeopleToPush,
  listSaasUsersToPush,
  listWaiting,
  releaseLease,
  renewLease,
  type WaitingDelivery,
} from "../features/destinations/push-store.ts";
import { listFields } from "../features/fields/field-queries.ts";
import { findApplication } from "./find-application.ts";
import { openLedger } from "./open-ledger.ts";
import { type DestinationParts, openOomnitza } from "./open-oomnitza.ts";
import type { PushContext } from "./push-context.ts";
import { outcomeOfError } from "./push-failure.ts";
import { type PeopleCounts, pushPeople, type RemoteIds } from "./push-people.ts";
import { pushSaasUsers } from "./push-saas-users.ts";
import { recordPushEnd } from "./record-push-end.ts";

/** Records of one push at most; what is left waits for the next, so that memory is bounded. */
const mostRecords = 20_000;

/**
 * Pushes what waits for one destination, if there is one to push to; false when there is nothing to do. Every push reads the instance
 * first, so that whatever an earlier one did before it was killed is found and not done again.
 */
export async function pushDueDestination(parts: DestinationParts, signal: AbortSignal): Promise<boolean> {
  const asked = performance.now();
  const leased = await leaseDestination(parts.database);
  if (leased === undefined) return false;
  await using lease = holdLease(parts, leased, asked, signal);
  const startedAt = parts.now().toISOString();
  const people: PeopleCounts = { created: 0, updated: 0, unchanged: 0, failed: 0, postponed: 0 };
  const requests: Record<string, number> = {};
  const end = async (problem: ProductError | null): Promise<void> => {
    await recordPushEnd(parts, leased, problem, { startedAt, people, requests });
  };
  try {
    await push(parts, leased, lease, people, requests);
  } catch (error) {
    if (lease.signal.aborted) {
      await releaseLease(parts.database, leased);
      return true;
    }
    if (!(error instanceof ProductError)) {
      await end(
        new ProductError("destination.fault", "The push failed by a fault of this program, which its log tells."),
      );
      throw error;
    }
    await end(error);
    return true;
  }
  await end(null);
  await forgetOldDeliveries(parts.database, leased.id);
  return true;
}

async function push(
  parts: DestinationParts,
  leased: LeasedDestination,
  lease: Lease,
  people: PeopleCounts,
  requests: Record<string, number>,
): Promise<void> {
  const { database } = parts;
  const deliveries = await listWaiting(database, leased.id, mostRecords);
  const applications = await listFollowedApplications(database, leased.id);
  const withUsers = new Set(applications.filter(hasApplication).map(({ integrationId }) => integrationId));
  const hasSaasPart = ({ saasUserId, integrationId }: WaitingDelivery): boolean =>
    saasUserId !== null && withUsers.has(integrationId);
  const ledger = openLedger({ parts, leased, deliveries, hasSaasPart, onLost: lease.lose });
  await using oomnitza = await openOomnitza(parts, leased, lease.signal);
  const context: PushContext = { parts, leased, oomnitza, ledger, signal: lease.signal, leasedUntil: lease.until };
  try {
    const wanted = await listPeopleToPush(database, leased.id, [
      ...new Set(deliveries.map(({ personId }) => personId)),
    ]);
    const remoteIds = await pushPeople(context, await personSettings(parts, leased), wanted, people);
    for (const group of groupsOf(deliveries.filter(hasSaasPart), applications)) {
      await pushGroup(context, group, remoteIds);
    }
    await ledger.rest();
  } finally {
    Object.assign(requests, oomnitza.requests());
    if (!lease.signal.aborted) await ledger.flush();
  }
}

async function personSettings({ database }: DestinationParts, leased: LeasedDestination): Promise<PersonSettings> {
  const fields = (await listFields(database, "person")).data;
  return { ...leased, types: Object.fromEntries(fields.map(({ name, type }) => [name, type])) };
}

function hasApplication({ saasName, saasId }: FollowedApplication): boolean {
  return saasName !== null || saasId !== null;
}

type Group = { readonly application: FollowedApplication; readonly saasUserIds: readonly string[] };

/** Users by application; integrations that name the same one share it. */
function groupsOf(
  deliveries: readonly WaitingDelivery[],
  applications: readonly FollowedApplication[],
): readonly Group[] {
  const byIntegration = new Map(applications.map((application) => [application.integrationId, application]));
  const groups = Map.groupBy(deliveries, ({ integrationId }) => {
    const { saasId, saasName } = byIntegration.get(integrationId) ?? { saasId: null, saasName: null };
    return saasId === null ? `name ${comparable(saasName ?? "")}` : `id ${saasId}`;
  });
  return [...groups.values()].flatMap((members) => {
    const application = byIntegration.get(members[0]?.integrationId ?? "");
    const saasUserIds = [...new Set(members.flatMap(({ saasUserId }) => saasUserId ?? []))];
    return application === undefined ? [] : [{ application, saasUserIds }];
  });
}

async function pushGroup(
  context: PushContext,
  { application, saasUserIds }: Group,
  remoteIds: RemoteIds,
): Promise<void> {
  const { parts, leased, ledger } = context;
  const users = await listSaasUsersToPush(parts.database, leased.id, saasUserIds);
  const wanted = users.flatMap((user) => {
    const userId = remoteIds.get(user.personId);
    return userId === undefined || user.hasOther ? [] : [{ ...user, userId }];
  });
  const there = new Set(wanted.map(({ id }) => id));
  // Whose seat is kept for the person's other SaaS user; or whose person is not there and need not be, since neither is active, while
  // a person who failed has ended these already.
  for (const { id } of users.filter((user) => !there.has(user.id))) {
    await ledger.saasUser(id, { kind: "done", actions: [] }, null);
  }
  if (wanted.length === 0) return;
  try {
    const saasId = application.saasId ?? (await findApplication(context, application.saasName ?? ""));
    await pushSaasUsers(context, saasId, wanted);
  } catch (error) {
    const outcome =
      error instanceof ProductError && error.code === "destination.ambiguous"
        ? { kind: "failed" as const, actions: [], code: error.code, problem: error.message }
        : outcomeOfError(error);
    for (const { id } of wanted) await ledger.saasUser(id, outcome, null);
  }
}

type Lease = AsyncDisposable & {
  readonly signal: AbortSignal;
  readonly until: () => number;
  readonly lose: () => void;
};

/** Renews the lease while a push goes on; the signal fires when it is lost or the process stops. */
function holdLease(
  { database }: DestinationParts,
  leased: LeasedDestination,
  since: number,
  stopping: AbortSignal,
): Lease {
  const lost = new AbortController();
  const lose = (): void => lost.abort(new Error("Another worker has the destination."));
  // A third is left for a request that is under way.
  const certain = (leaseSeconds * 1000 * 2) / 3;
  let until = since + certain;
  const timer = setInterval(
    () => {
      const asked = performance.now();
      renewLease(database, leased).then(
        (held) => {
          if (held) until = asked + certain;
          else lose();
        },
        // The database is away. A request that waits to be repeated must not be when the lease may have run out.
        () => {
          if (performance.now() > until) lose();
        },
      );
    },
    (leaseSeconds * 1000) / 6,
  );
  return {
    signal: AbortSignal.any([stopping, lost.signal]),
    until: () => until,
    lose,
    [Symbol.asyncDispose]: async () => clearInterval(timer),
  };
}
