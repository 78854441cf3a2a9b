import swagger, { type SwaggerTransform } from "@fastify/swagger";
import { problemSchema } from "@rollcall/core/contract/problem.ts";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import type { App } from "./app-parts.ts";

/** Generates the OpenAPI 3.1 document from the routes' schemas; to be called before the routes are registered. */
export async function registerOpenapi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Rollcall",
        version: "0.1.0",
        description:
          "Lists answer {data, nextCursor, total}; errors are application/problem+json with a stable code and field problems by pointer.",
      },
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer", description: "An API token." },
          session: {
            type: "apiKey",
            in: "cookie",
            name: "rollcall_session",
            description:
              "Set by signing in; `__Host-rollcall_session` over https. Calls other than GET send csrfToken of GET /api/v1/session as the header x-csrf-token.",
          },
        },
      },
    },
    transform: describeRoute,
  });
}

export async function openapiRoutes(app: App): Promise<void> {
  app.get(
    "/openapi.json",
    { schema: { hide: true }, config: { permission: "public", audit: "none" } },
    async (_request, reply) => await reply.type("application/json; charset=utf-8").send(JSON.stringify(app.swagger())),
  );
}

const { $schema: _dialect, ...problemJsonSchema } = z.toJSONSchema(problemSchema);

const describeRoute: SwaggerTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document);
  const permission = document.route.config?.permission;
  if (permission === undefined || permission === "public") {
    return { schema: { ...schema, security: [] }, url };
  }
  return {
    url,
    schema: {
      ...schema,
      security: [{ token: [] }, { session: [] }],
      description: [schema?.description, `Permission: \`${permission}\`.`].filter(Boolean).join("\n\n"),
      response: {
        ...(typeof schema?.response === "object" ? schema.response : {}),
        default: { description: "A problem.", content: { "application/problem+json": { schema: problemJsonSchema } } },
      },
    },
  };
};
