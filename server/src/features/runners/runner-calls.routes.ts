import { setTimeout as sleep } from "node:timers/promises";
import {
  askForWorkSchema,
  beatAnswerSchema,
  endReadingSchema,
  enrolledRunnerSchema,
  enrollRunnerSchema,
  restartedJoinsSchema,
  runnerCallSchema,
  runnerRunParamsSchema,
  runnerStatusSchema,
  runnerWorkAnswerSchema,
  uploadAnswerSchema,
  uploadLimits,
  uploadSchema,
} from "@rollcall/core/contract/runners.ts";
import type { FastifyRequest } from "fastify";
import type { App, AppParts } from "../../http/app-parts.ts";
import { checkRunnerVersion } from "./check-runner-version.ts";
import { enrollRunner } from "./enroll-runner.ts";
import { programVersion } from "./program-version.ts";
import { listOwnIntegrations } from "./runner-queries.ts";
import { noteSeen } from "./runner-store.ts";
import { refuseManyUploads, refuseOversize, unpackUpload } from "./upload-limits.ts";

const tags = ["runner calls"];
const config = { permission: "runner", audit: "none" } as const;

/**
 * What runners call. Their token opens these calls alone, and these calls open to no other token; a run that is not the runner's own is
 * not there for it.
 */
export async function runnerCallRoutes(app: App, parts: AppParts): Promise<void> {
  app.addHook("onRequest", async (request) => checkRunnerVersion(request));
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());

  enrolment(app, parts);
  work(app, parts, closing.signal);
  uploads(app, parts);
}

function enrolment(app: App, { database, now }: AppParts): void {
  app.post(
    "/enroll",
    {
      config: { permission: "public", audit: "runner.enroll" },
      schema: { tags, body: enrollRunnerSchema, response: { 200: enrolledRunnerSchema } },
    },
    async ({ body, ip }) => await enrollRunner(database, body, { address: ip, now: now() }),
  );

  app.get("/status", { config, schema: { tags, response: { 200: runnerStatusSchema } } }, async ({ runner }) => {
    await noteSeen(database, runner.id, now(), null);
    const integrations = await listOwnIntegrations(database, runner);
    return { id: runner.id, name: runner.name, serverVersion: programVersion, integrations };
  });
}

const lookMilliseconds = 500;

function work(app: App, { database, intake, now }: AppParts, closing: AbortSignal): void {
  app.post(
    "/work",
    { config, schema: { tags, body: askForWorkSchema, response: { 200: runnerWorkAnswerSchema } } },
    async (request) => {
      const { runner, body } = request;
      await noteSeen(database, runner.id, now(), body.version);
      using listening = untilGone(request, closing);
      const until = performance.now() + body.waitSeconds * 1000;
      for (;;) {
        const found = listening.signal.aborted ? null : await intake.claim(runner);
        if (found !== null || listening.signal.aborted || performance.now() >= until) {
          return { work: found };
        }
        await sleep(lookMilliseconds, undefined, { signal: listening.signal }).catch(() => undefined);
      }
    },
  );
}

function uploads(app: App, { database, intake, now }: AppParts): void {
  const params = runnerRunParamsSchema;
  const oneAtATime = refuseManyUploads();

  app.post(
    "/runs/:id/uploads",
    {
      config,
      bodyLimit: uploadLimits.bytes,
      onRequest: oneAtATime.begin,
      preParsing: unpackUpload,
      preValidation: refuseOversize,
      schema: { tags, params, body: uploadSchema, response: { 200: uploadAnswerSchema } },
    },
    async (request) => {
      const { runner, params, body } = request;
      return await oneAtATime.take(request, async () => {
        await noteSeen(database, runner.id, now(), null);
        return await intake.accept(runner, params.id, body);
      });
    },
  );

  app.post(
    "/runs/:id/beat",
    { config, schema: { tags, params, body: runnerCallSchema, response: { 200: beatAnswerSchema } } },
    async ({ runner, params: { id }, body }) => {
      await noteSeen(database, runner.id, now(), null);
      return await intake.beat(runner, id, body.lease);
    },
  );

  app.post(
    "/runs/:id/restart-joins",
    { config, schema: { tags, params, body: runnerCallSchema, response: { 200: restartedJoinsSchema } } },
    async ({ runner, params: { id }, body }) => await intake.restartJoins(runner, id, body.lease),
  );

  app.post(
    "/runs/:id/end",
    { config, schema: { tags, params, body: endReadingSchema } },
    async ({ runner, params: { id }, body }, reply) => {
      await intake.end(runner, id, body);
      return await reply.code(204).send();
    },
  );
}

/** Nobody is given work who has hung up, and nobody keeps a server from stopping. */
function untilGone({ raw }: FastifyRequest, closing: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  raw.socket.once("close", stop);
  closing.addEventListener("abort", stop, { once: true });
  if (closing.aborted || raw.socket.destroyed) {
    stop();
  }
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      raw.socket.off("close", stop);
      closing.removeEventListener("abort", stop);
    },
  };
}
