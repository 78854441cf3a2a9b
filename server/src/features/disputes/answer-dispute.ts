import type { AnswerDispute } from "@rollcall/core/contract/disputes.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { lockDispute, personExists, releasePerson, removeAnswer, saveAnswer } from "./dispute-store.ts";

type Question = { readonly integrationId: string; readonly vendorKey: string };

/**
 * Remembers the answer to an identity question; the next run acts on it. An answer can be changed until then, and `null` asks
 * again.
 *
 * @throws ProductError `dispute.not_found`, `request.invalid` for a person who does not exist
 */
export async function answerDispute(
  transaction: Transaction,
  question: Question,
  answer: AnswerDispute | null,
  actorId: string,
): Promise<void> {
  const { integrationId, vendorKey } = question;
  if (!(await lockDispute(transaction, integrationId, vendorKey))) {
    throw new ProductError(
      "dispute.not_found",
      `There is no identity question about the record ${vendorKey}. List the questions.`,
    );
  }
  if (answer === null) await removeAnswer(transaction, question);
  else await saveAnswer(transaction, question, await checked(transaction, answer), actorId);

  const released =
    answer?.answer === "link" ? await releasePerson(transaction, integrationId, answer.personId, vendorKey) : 0;
  await recordAudit(transaction, {
    actorId,
    action: "dispute.answer",
    target: "integration",
    targetId: integrationId,
    details: { vendorKey, answer, released },
  });
}

async function checked(transaction: Transaction, answer: AnswerDispute): Promise<AnswerDispute> {
  if (answer.answer === "link" && !(await personExists(transaction, answer.personId))) {
    throw new ProductError("request.invalid", `There is no person ${answer.personId}.`, {
      problems: [{ pointer: "/personId", message: "There is no such person. Search in People for the right one." }],
    });
  }
  return answer;
}
