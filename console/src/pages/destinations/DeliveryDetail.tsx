import type { Destination, DestinationDelivery } from "@rollcall/core/contract/destinations.ts";
import type { ReactNode } from "react";
import classes from "../../components/ValueChange.module.css";
import { paths } from "../../paths.ts";
import { formatDateTime } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { actionsWords, deliveryWords, nothingDone } from "./destination-words.ts";

type Props = { readonly delivery: DestinationDelivery; readonly follows: Destination["follows"] };

/** One delivery in full. */
export function DeliveryDetail({ delivery, follows }: Props) {
  const { state, personId, personName, saasUserId, integrationId, runId, attempts, actions, code, problem } = delivery;
  const followed = follows.find((each) => each.integrationId === integrationId);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["State", <StatusBadge key="state" status={state} {...deliveryWords[state]} />],
    ["Why not", problem],
    ["What was done", actionsWords(actions) || (problem === null ? nothingDone[state] : null)],
    [
      "Person",
      <Link key="person" to={paths.person(personId)}>
        {personName ?? `person ${personId}`}
      </Link>,
    ],
    ["About", saasUserId === null ? "the person alone" : "the person and the SaaS user"],
    ["Integration", followed?.integrationName ?? "one that is no longer followed"],
    [
      "Because of",
      runId === null ? (
        "a re-synchronisation"
      ) : (
        <Link key="run" to={paths.run(runId)}>
          this run
        </Link>
      ),
    ],
    ["Queued", formatDateTime(delivery.createdAt)],
    ["Attempts", String(attempts)],
    ["Tried next", delivery.nextAttemptAt === null ? null : <RelativeTime key="next" at={delivery.nextAttemptAt} />],
    ["Ended", delivery.endedAt === null ? null : formatDateTime(delivery.endedAt)],
    ["Code", code === null ? null : <code key="code">{code}</code>],
  ];
  return (
    <dl className={classes.list}>
      {facts.map(
        ([label, value]) =>
          value !== null && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
