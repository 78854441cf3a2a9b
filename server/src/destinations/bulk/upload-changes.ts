import { bulkRecords } from "@rollcall/core/destination/bulk-records.ts";
import type { PersonSettings } from "@rollcall/core/destination/plan-person.ts";
import type { BulkLog } from "@rollcall/core/destination/read-run-log.ts";
import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import { type SentPerson, savePortion, saveSent } from "../../features/destinations/bulk-sent-store.ts";
import type { RemotePerson } from "../find-people.ts";
import type { PeoplePlan, PlannedPerson } from "../plan-people.ts";
import type { PushContext } from "../push-context.ts";
import { keyThere, senderOf } from "./bulk-sender.ts";
import { readFieldIds } from "./read-field-ids.ts";
import { uploadList } from "./upload-list.ts";
import { waitForOutcome } from "./wait-for-outcome.ts";

type List = {
  readonly plan: PeoplePlan;
  readonly changed: readonly PlannedPerson[];
  readonly sent: readonly SentPerson[];
};

/** Uploads what changed, with everybody who was sent before, and waits for the outcome. Who is sent is remembered first. */
export async function uploadChanges(context: PushContext, settings: PersonSettings, list: List): Promise<BulkLog> {
  const { leased, parts, oomnitza } = context;
  const { keyColumn, found } = list.plan;
  const sender = senderOf(leased);
  const internalIds = await readFieldIds(oomnitza, settings, keyColumn);
  const present = presentOf(list);
  const changed = list.changed.map((each) => changedPerson(each, keyColumn));
  const remembered = [...present, ...changed].map(({ key, remoteId }) => ({ key, remoteId }));
  await saveSent(parts.database, sender, remembered);
  const portion = await uploadList(context, {
    connector: sender.connector,
    syncField: internalIds.get(keyColumn) ?? "",
    records: bulkRecords({
      keyColumn,
      internalIds,
      present,
      changed,
      isShared: (key) => found.sharedKeys.has(comparable(key)),
    }),
  });
  await savePortion(parts.database, leased, portion);
  const log = await waitForOutcome(context, portion);
  if (log.state !== "working") await savePortion(parts.database, leased, null);
  return log;
}

/** Who was sent before, is there, and is not changed. Nobody can be named without a key. */
function presentOf({ plan: { found, keyColumn }, changed, sent }: List) {
  const present = sent.flatMap(({ key, remoteId }) =>
    remoteId === null ? (found.byKey.get(comparable(key)) ?? []) : [found.byId.get(remoteId)].filter((each) => !!each),
  );
  const byId = new Map(present.map((remote) => [remote.user_id, remote]));
  for (const { remote } of changed) if (remote !== null) byId.delete(remote.user_id);
  return [...byId.values()]
    .map((remote) => ({ key: keyThere(remote, keyColumn), values: valuesOf(remote), remoteId: remote.user_id }))
    .filter(({ key }) => key !== "");
}

function changedPerson({ key, remote, plan }: PlannedPerson, keyColumn: string) {
  const body = plan.kind === "create" || plan.kind === "update" ? plan.body : {};
  return remote === null
    ? { key, values: body, remoteId: null, isThere: false }
    : {
        key: keyThere(remote, keyColumn),
        values: { ...valuesOf(remote), ...body },
        remoteId: remote.user_id,
        isThere: true,
      };
}

/** Fields alone: not the id, which cannot be set, and not whether somebody is suspended, which no upload decides. */
function valuesOf({ user_id: _id, suspended: _suspended, ...values }: RemotePerson): Readonly<Record<string, unknown>> {
  return values;
}
