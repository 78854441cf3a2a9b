import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import { ProductError } from "@rollcall/core/errors.ts";
import fastify, { type FastifyBaseLogger, type FastifyRequest, type RouteOptions } from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import type { Actor } from "../features/access/find-actor.ts";
import type { RunnerIdentity } from "../features/runners/runner-intake.ts";
import { apiRoutes } from "./api-routes.ts";
import type { App, AppParts } from "./app-parts.ts";
import { authenticate, authenticateRunner } from "./authenticate.ts";
import { consoleRoutes, nothingThere } from "./console.routes.ts";
import { readCsvAddress } from "./csv-address.ts";
import { answerError } from "./error-response.ts";
import { healthRoutes } from "./health.routes.ts";
import { openapiRoutes, registerOpenapi } from "./openapi.ts";
import { compileValidation } from "./validate-request.ts";

export type AppOptions = {
  readonly logger: Logger;
  /** From one address; beyond it the answer is 429. */
  readonly requestsPerMinute?: number;
  readonly failedSignInsPerMinute?: number;
  /** Where the built console is; a page that says there is none otherwise. */
  readonly consoleFolder?: string;
};

/** One line of the table of all routes, for tests and documents. */
export type RouteEntry = {
  readonly method: string;
  readonly url: string;
  readonly permission: string;
  readonly audit: string;
};

const bodyLimit = 1024 * 1024;

/** The HTTP application, ready to listen: the API under /api/v1, health, and the console. */
export async function buildApp(
  parts: AppParts,
  options: AppOptions,
): Promise<App & { routeTable: readonly RouteEntry[] }> {
  const routeTable: RouteEntry[] = [];
  const loggerInstance: FastifyBaseLogger = options.logger;
  const app: App = fastify({
    loggerInstance,
    bodyLimit,
    // Of receiving alone. Who has gone without a word in the middle of an upload must not hold its place for ever.
    requestTimeout: 120_000,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    exposeHeadRoutes: false,
    // Closing waits for answers under way, not for clients that keep a connection for later.
    forceCloseConnections: "idle",
    frameworkErrors: answerError,
    rewriteUrl: readCsvAddress,
    routerOptions: { maxParamLength: 256 },
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(compileValidation);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    throw nothingThere(request);
  });
  app.addHook("onRoute", (route) => void routeTable.push(...entriesOf(route)));
  readJson(app);
  hangUpWhenClosing(app);

  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    // Answers hold personal data, so no cache keeps them; a route of files says otherwise.
    reply.header("cache-control", "no-store");
  });
  await app.register(cookie);
  await app.register(helmet, securityHeaders(parts.config.publicUrl));
  const countFailure = await limitRequests(app, options);
  rememberActors(app, parts, countFailure);

  await registerOpenapi(app);
  await app.register((scope) => healthRoutes(typed(scope), parts));
  await app.register((scope) => consoleRoutes(typed(scope), options.consoleFolder));
  await app.register((scope) => openapiRoutes(typed(scope)), { prefix: "/api/v1" });
  for (const routes of apiRoutes) {
    await app.register((scope) => routes(typed(scope), parts), { prefix: "/api/v1" });
  }
  await app.ready();
  return Object.assign(app, { routeTable });
}

/** A connection whose answer was under way when closing began would be kept for the client's next request, and closing wait for it. */
function hangUpWhenClosing(app: App): void {
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  app.addHook("onResponse", async ({ raw }) => {
    if (closing) raw.socket.destroySoon();
  });
}

// Scopes made by `register` lose the type provider, https://fastify.dev/docs/latest/Reference/Type-Providers/.
function typed(scope: { readonly withTypeProvider: App["withTypeProvider"] }): App {
  return scope.withTypeProvider<ZodTypeProvider>();
}

function entriesOf({ method, url, config }: RouteOptions): readonly RouteEntry[] {
  const methods = [method].flat();
  if (config?.permission === undefined || config.audit === undefined) {
    throw new Error(`The route ${methods.join("/")} ${url} does not say its permission and its audit action.`);
  }
  return methods.map((each) => ({ method: each, url, permission: config.permission, audit: config.audit }));
}

/** An empty body is none, since clients send the header content-type with calls that have nothing to say. */
function readJson(app: App): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === "") {
      done(null, null);
      return;
    }
    void parse(request, text, done);
  });
}

function securityHeaders(publicUrl: string) {
  const overTls = publicUrl.startsWith("https:");
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        // The console's components write style elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "https:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(overTls ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: overTls,
    referrerPolicy: { policy: "no-referrer" as const },
  };
}

async function limitRequests(app: App, { requestsPerMinute = 6000, failedSignInsPerMinute = 300 }: AppOptions) {
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: "1 minute",
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
  });
  const check = app.createRateLimit({ max: failedSignInsPerMinute, timeWindow: "1 minute" });
  return async (request: FastifyRequest): Promise<void> => {
    const limit = await check(request);
    if (!limit.isAllowed && limit.isExceeded) {
      throw tooMany(limit.ttl);
    }
  };
}

function tooMany(milliseconds: number): ProductError {
  const seconds = Math.ceil(milliseconds / 1000);
  return new ProductError("request.rate_limited", `Too many requests from this address; wait ${seconds} s.`, {
    details: { retryAfterSeconds: seconds },
  });
}

function rememberActors(app: App, parts: AppParts, countFailure: (request: FastifyRequest) => Promise<void>): void {
  const actors = new WeakMap<FastifyRequest, Actor>();
  app.decorateRequest("actor", {
    getter(this: FastifyRequest) {
      const actor = actors.get(this);
      if (actor === undefined) {
        throw new Error("A public route has no actor.");
      }
      return actor;
    },
  });
  const runners = new WeakMap<FastifyRequest, RunnerIdentity>();
  app.decorateRequest("runner", {
    getter(this: FastifyRequest) {
      const runner = runners.get(this);
      if (runner === undefined) {
        throw new Error("The route is not for runners.");
      }
      return runner;
    },
  });
  app.addHook("onRequest", async (request) => {
    if (!request.is404 && request.routeOptions.config.permission === "runner") {
      runners.set(request, await authenticateRunner(parts, request, countFailure));
    }
    const actor = request.is404 ? undefined : await authenticate(parts, request, countFailure);
    if (actor !== undefined) {
      actors.set(request, actor);
    }
  });
}
