import type { AnswerDispute } from "@rollcall/core/contract/disputes.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";

/** Whether there is such a question; locks it until the end of the transaction. */
export async function lockDispute(
  transaction: Transaction,
  integrationId: string,
  vendorKey: string,
): Promise<boolean> {
  const row = await maybeOne(
    transaction,
    "select 1 from dispute where integration_id = $1 and vendor_key = $2 for update",
    [integrationId, vendorKey],
  );
  return row !== undefined;
}

export async function saveAnswer(
  transaction: Transaction,
  question: { readonly integrationId: string; readonly vendorKey: string },
  answer: AnswerDispute,
  actorId: string,
): Promise<void> {
  await transaction.query(
    `update dispute set answer = $3, answer_person_id = $4, answered_by = $5, answered_at = now()
     where integration_id = $1 and vendor_key = $2`,
    [
      question.integrationId,
      question.vendorKey,
      answer.answer,
      answer.answer === "link" ? answer.personId : null,
      actorId,
    ],
  );
}

export async function removeAnswer(
  transaction: Transaction,
  question: { readonly integrationId: string; readonly vendorKey: string },
): Promise<void> {
  await transaction.query(
    `update dispute set answer = null, answer_person_id = null, answered_by = null, answered_at = null
     where integration_id = $1 and vendor_key = $2`,
    [question.integrationId, question.vendorKey],
  );
}

/** Ends the ties of a person to other records of the integration; returns how many there were. */
export async function releasePerson(
  transaction: Transaction,
  integrationId: string,
  personId: string,
  keepKey: string,
): Promise<number> {
  return affected(transaction, "delete from link where integration_id = $1 and person_id = $2 and vendor_key <> $3", [
    integrationId,
    personId,
    keepKey,
  ]);
}

export async function personExists(transaction: Transaction, personId: string): Promise<boolean> {
  return (await maybeOne(transaction, "select 1 from person where id = $1 for share", [personId])) !== undefined;
}
