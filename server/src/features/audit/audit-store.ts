import type { Transaction } from "../../postgres/database.ts";
import { storableJson } from "../../postgres/storable.ts";

export type AuditRecord = {
  /** Null: the product itself, such as at its first start. */
  readonly actorId: string | null;
  /** `<noun>.<verb>`, the route's `config.audit`. */
  readonly action: string;
  /** The kind of thing, such as `credential`. */
  readonly target: string;
  readonly targetId: string | null;
  /** What changed; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Writes one line of the audit log in the transaction of what it tells. */
export async function recordAudit(transaction: Transaction, record: AuditRecord): Promise<void> {
  await transaction.query(
    "insert into audit_event (actor_id, action, target, target_id, details) values ($1, $2, $3, $4, $5)",
    [record.actorId, record.action, record.target, record.targetId, storableJson(record.details ?? {})],
  );
}
