import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import {
  createPersonSchema,
  listPeopleQuerySchema,
  personSchema,
  updatePersonSchema,
  whySchema,
} from "@rollcall/core/contract/people.ts";
import { changeSchema } from "@rollcall/core/contract/runs.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import type { Database } from "../../postgres/database.ts";
import { sendCsv, wantsCsv } from "../export/csv-export.ts";
import { listFields } from "../fields/field-queries.ts";
import { createPerson } from "./create-person.ts";
import { editPerson, personNotFound } from "./edit-person.ts";
import { explainPerson } from "./explain-person.ts";
import { peopleColumns } from "./people-csv.ts";
import { listPersonHistory } from "./person-history-queries.ts";
import { findPerson, listPeople, personExists } from "./person-queries.ts";

const tags = ["people"];
const reading = { permission: "person.read", audit: "none" } as const;

/** People: the inventory's own records, kept by runs and by hand. */
export async function peopleRoutes(app: App, { database }: AppParts): Promise<void> {
  app.get(
    "/people",
    {
      config: reading,
      schema: {
        tags,
        description: "With `Accept: text/csv` the whole list is exported; limit and cursor are then not used.",
        querystring: listPeopleQuerySchema,
        response: { 200: listOf(personSchema) },
      },
    },
    async ({ query, headers }, reply) => {
      if (!wantsCsv(headers.accept)) {
        return await listPeople(database, query);
      }
      const custom = (await listFields(database, "person")).data.filter(({ builtIn }) => !builtIn);
      const { cursor: _cursor, ...filters } = query;
      const columns = peopleColumns(custom.map(({ name }) => name));
      return await sendCsv(reply, "people.csv", columns, (page) => listPeople(database, { ...filters, ...page }));
    },
  );

  app.post(
    "/people",
    {
      config: { permission: "person.write", audit: "person.create" },
      schema: { tags, body: createPersonSchema, response: { 201: personSchema } },
    },
    async ({ actor, body }, reply) => {
      const id = await createPerson(database, actor, body);
      return await reply.code(201).send(await existing(database, id));
    },
  );

  app.get(
    "/people/:id",
    { config: reading, schema: { tags, params: idParamsSchema, response: { 200: personSchema } } },
    async ({ params }) => await existing(database, params.id),
  );

  app.patch(
    "/people/:id",
    {
      config: { permission: "person.write", audit: "person.update" },
      schema: { tags, params: idParamsSchema, body: updatePersonSchema, response: { 200: personSchema } },
    },
    async ({ actor, params, body }) => {
      await editPerson(database, actor, params.id, body);
      return await existing(database, params.id);
    },
  );

  app.get(
    "/people/:id/history",
    {
      config: reading,
      schema: { tags, params: idParamsSchema, querystring: listQuerySchema, response: { 200: listOf(changeSchema) } },
    },
    async ({ params, query }) => {
      if (!(await personExists(database, params.id))) {
        throw personNotFound(params.id);
      }
      return await listPersonHistory(database, params.id, query);
    },
  );

  app.get(
    "/people/:id/why",
    { config: reading, schema: { tags, params: idParamsSchema, response: { 200: whySchema } } },
    async ({ params }) => await explainPerson(database, params.id),
  );
}

async function existing(database: Database, id: string) {
  const person = await findPerson(database, id);
  if (person === undefined) {
    throw personNotFound(id);
  }
  return person;
}
