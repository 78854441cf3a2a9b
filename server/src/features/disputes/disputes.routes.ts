import {
  answerDisputeSchema,
  disputeParamsSchema,
  disputeSchema,
  listDisputesQuerySchema,
} from "@rollcall/core/contract/disputes.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import { z } from "zod";
import type { App, AppParts } from "../../http/app-parts.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { answerDispute } from "./answer-dispute.ts";
import { listDisputes } from "./dispute-queries.ts";

/** Identity questions of an integration and their answers. */
export async function disputeRoutes(app: App, { database }: AppParts): Promise<void> {
  const tags = ["integrations"];

  app.get(
    "/integrations/:id/disputes",
    {
      schema: {
        tags,
        params: z.object({ id: z.uuid() }),
        querystring: listDisputesQuerySchema,
        response: { 200: listOf(disputeSchema) },
      },
      config: { permission: "run.read", audit: "none" },
    },
    async ({ params, query }) => listDisputes(database, params.id, query),
  );

  app.put(
    "/integrations/:id/disputes/:key/answer",
    {
      schema: { tags, params: disputeParamsSchema, body: answerDisputeSchema },
      config: { permission: "person.write", audit: "dispute.answer" },
    },
    async ({ actor, params, body }, reply) => {
      const question = { integrationId: params.id, vendorKey: params.key };
      await inTransaction(database, (transaction) => answerDispute(transaction, question, body, actor.accountId));
      return reply.code(204).send();
    },
  );

  app.delete(
    "/integrations/:id/disputes/:key/answer",
    {
      schema: { tags, params: disputeParamsSchema },
      config: { permission: "person.write", audit: "dispute.answer" },
    },
    async ({ actor, params }, reply) => {
      const question = { integrationId: params.id, vendorKey: params.key };
      await inTransaction(database, (transaction) => answerDispute(transaction, question, null, actor.accountId));
      return reply.code(204).send();
    },
  );
}
