import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { ProductError } from "@rollcall/core/errors.ts";
import type { FastifyRequest } from "fastify";
import type { App } from "./app-parts.ts";

const openPage = { schema: { hide: true }, config: { permission: "public", audit: "none" } } as const;
const year = 365 * 24 * 3_600_000;

/**
 * The console: its files, and its one page under every address that is a page of it. Without a built console, a page that says
 * so.
 */
export async function consoleRoutes(app: App, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, "index.html"))) {
    app.get("/", openPage, async (_request, reply) => await reply.type("text/html; charset=utf-8").send(noConsole));
    return;
  }
  // `serve: false`: the routes are declared here, since each says who may call it.
  await app.register(fastifyStatic, { root: folder, serve: false, dotfiles: "deny" });

  // Vite writes a hash of the content into the names below assets/, https://vite.dev/guide/build.
  app.get(
    "/assets/*",
    openPage,
    async (request, reply) =>
      await reply.sendFile(join("assets", wildcardOf(request)), { maxAge: year, immutable: true }),
  );

  app.get("/*", openPage, async (request, reply) => {
    const path = wildcardOf(request);
    if (/^(api|health|metrics)(\/|$)/.test(path)) {
      throw nothingThere(request);
    }
    return wantsPage(request)
      ? await reply.sendFile("index.html", { cacheControl: false })
      : await reply.sendFile(path, { maxAge: 0 });
  });
}

function wildcardOf(request: FastifyRequest): string {
  const params = request.params as { readonly "*": string };
  return params["*"];
}

function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes("text/html") ?? false;
}

export function nothingThere(request: FastifyRequest): ProductError {
  return new ProductError("request.not_found", `There is no call ${request.method} ${request.url.split("?", 1)[0]}.`);
}

const noConsole = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollcall</title>
</head>
<body>
<main>
<h1>Rollcall</h1>
<p>The server is running. There is no console here, because it was not built: use the command line (<code>rollcall --help</code>) or the
API.</p>
<ul>
<li><a href="/api/v1/openapi.json">The API as an OpenAPI 3.1 document</a></li>
<li><a href="/health/ready">Whether the database answers</a></li>
</ul>
</main>
</body>
</html>
`;
