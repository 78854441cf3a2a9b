import type { Dispute } from "@rollcall/core/contract/disputes.ts";
import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import { recordOutcomeTable } from "@rollcall/core/reconcile/record-outcomes.ts";
import { sql } from "kysely";
import type { Database } from "../../postgres/database.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { readPage } from "../../postgres/read-page.ts";

type DisputeRow = Omit<Dispute, "message" | "nextStep" | "answer"> & {
  readonly answer: NonNullable<Dispute["answer"]>["answer"] | null;
  readonly answerPersonId: string | null;
  readonly answeredBy: string | null;
  readonly answeredAt: Date | null;
};

const disputeKeyset: Keyset = {
  list: "disputes",
  sorts: { vendorKey: { value: sql`d.vendor_key`, type: "text" } },
  defaultSort: "vendorKey",
  id: { value: sql`d.vendor_key`, type: "text" },
};

/** The identity questions of an integration, those without an answer unless the query asks for others. */
export async function listDisputes(
  database: Database,
  integrationId: string,
  query: Omit<ListQuery, "q"> & { readonly answered: "true" | "false" | "all" },
): Promise<ListOf<Dispute>> {
  const answered =
    query.answered === "all"
      ? sql`true`
      : query.answered === "true"
        ? sql`d.answer is not null`
        : sql`d.answer is null`;
  const list = await readPage<DisputeRow>(
    database,
    disputeKeyset,
    { ...query, integrationId },
    {
      columns: sql`
        d.integration_id as "integrationId", d.vendor_key as "vendorKey", d.code, d.first_run_id as "firstRunId",
        d.last_run_id as "lastRunId", d.answer, d.answer_person_id as "answerPersonId", a.name as "answeredBy",
        d.answered_at as "answeredAt",
        coalesce((
          select json_agg(json_build_object('personId', p.id::text, 'fullName', p.full_name, 'email', p.email,
                                            'linkedKey', l.vendor_key) order by p.id)
          from person p left join link l on l.person_id = p.id and l.integration_id = d.integration_id
          where p.id = any(d.candidates)), '[]') as candidates`,
      from: sql`dispute d left join account a on a.id = d.answered_by`,
      countFrom: sql`dispute d`,
      where: [sql`d.integration_id = ${integrationId}`, answered],
    },
  );
  return { ...list, data: list.data.map(toDispute) };
}

function toDispute({ answer, answerPersonId, answeredBy, answeredAt, ...row }: DisputeRow): Dispute {
  const known = Object.entries(recordOutcomeTable).find(([code]) => code === row.code)?.[1];
  return {
    ...row,
    message: known?.meaning ?? row.code,
    nextStep: known?.nextStep ?? "",
    answer:
      answer === null
        ? null
        : { answer, personId: answerPersonId, by: answeredBy, at: answeredAt?.toISOString() ?? null },
  };
}
