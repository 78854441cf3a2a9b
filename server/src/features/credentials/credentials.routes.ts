import {
  createCredentialSchema,
  credentialSchema,
  testCredentialSchema,
  testOutcomeSchema,
  updateCredentialSchema,
} from "@rollcall/core/contract/credentials.ts";
import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { changeCredential, credentialNotFound, deleteCredential } from "./change-credential.ts";
import { createCredential } from "./create-credential.ts";
import { findCredential, listCredentials } from "./credential-queries.ts";
import { testCredential } from "./test-credential.ts";

/** Credentials. Their values go in and never come out. */
export async function credentialRoutes(app: App, parts: AppParts): Promise<void> {
  const { database } = parts;
  const tags = ["credentials"];

  app.get(
    "/credentials",
    {
      config: { permission: "credential.read", audit: "none" },
      schema: { tags, querystring: listQuerySchema, response: { 200: listOf(credentialSchema) } },
    },
    async ({ query }) => await listCredentials(database, query),
  );

  app.post(
    "/credentials",
    {
      config: { permission: "credential.write", audit: "credential.create" },
      schema: { tags, body: createCredentialSchema, response: { 201: credentialSchema } },
    },
    async ({ actor, body }, reply) => {
      const id = await createCredential(parts, actor, body);
      return await reply.code(201).send(await existing(id));
    },
  );

  app.get(
    "/credentials/:id",
    {
      config: { permission: "credential.read", audit: "none" },
      schema: { tags, params: idParamsSchema, response: { 200: credentialSchema } },
    },
    async ({ params }) => await existing(params.id),
  );

  app.patch(
    "/credentials/:id",
    {
      config: { permission: "credential.write", audit: "credential.update" },
      schema: { tags, params: idParamsSchema, body: updateCredentialSchema, response: { 200: credentialSchema } },
    },
    async ({ actor, params, body }) => {
      await changeCredential(parts, actor, params.id, body);
      return await existing(params.id);
    },
  );

  app.delete(
    "/credentials/:id",
    {
      config: { permission: "credential.write", audit: "credential.delete" },
      schema: { tags, params: idParamsSchema },
    },
    async ({ actor, params }, reply) => {
      await deleteCredential(database, actor, params.id);
      return await reply.code(204).send();
    },
  );

  app.post(
    "/credentials/:id/test",
    {
      config: { permission: "credential.test", audit: "credential.test" },
      schema: { tags, params: idParamsSchema, body: testCredentialSchema, response: { 200: testOutcomeSchema } },
    },
    async ({ actor, params, body }) => await testCredential(parts, actor, params.id, body),
  );

  async function existing(id: string) {
    const credential = await findCredential(database, id);
    if (credential === undefined) {
      throw credentialNotFound(id);
    }
    return credential;
  }
}
