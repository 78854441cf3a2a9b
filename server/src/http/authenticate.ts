import { ProductError } from "@rollcall/core/errors.ts";
import type { FastifyRequest } from "fastify";
import { type Actor, findActor } from "../features/access/find-actor.ts";
import { findSessionActor } from "../features/access/find-session-actor.ts";
import { sessionCookieName } from "../features/access/session-cookie.ts";
import { hashSecret, isCsrfToken } from "../features/access/session-secret.ts";
import { runnerTokenPrefix } from "../features/runners/enroll-runner.ts";
import type { RunnerIdentity } from "../features/runners/runner-intake.ts";
import { findRunnerByToken } from "../features/runners/runner-queries.ts";
import type { AppParts } from "./app-parts.ts";

type Parts = Pick<AppParts, "database" | "config" | "now">;

/**
 * Who is asking, when they may: looks the bearer token (RFC 6750) or else the session cookie up and compares with the permission
 * of the route. `onFailure` counts tokens and cookies that are not valid, by address.
 *
 * @throws ProductError `access.unauthenticated`, `access.forbidden`, `session.csrf`, whatever `onFailure` throws
 */
export async function authenticate(
  parts: Parts,
  request: FastifyRequest,
  onFailure: (request: FastifyRequest) => Promise<void>,
): Promise<Actor | undefined> {
  const { permission } = request.routeOptions.config;
  if (permission === "public" || permission === "runner") {
    return undefined;
  }
  const actor = await identify(parts, request, onFailure);
  if (!actor.permissions.has(permission)) {
    throw new ProductError(
      "access.forbidden",
      `This needs the permission ${permission}, which your role (${actor.role}) or the token's scope does not include.`,
      { details: { permission } },
    );
  }
  return actor;
}

/**
 * The runner that is asking. People have no business at its calls, whatever their role.
 *
 * @throws ProductError `access.unauthenticated`, `access.forbidden`, `session.csrf`, whatever `onFailure` throws
 */
export async function authenticateRunner(
  parts: Parts,
  request: FastifyRequest,
  onFailure: (request: FastifyRequest) => Promise<void>,
): Promise<RunnerIdentity> {
  const token = bearerOf(request);
  if (token === undefined || !token.startsWith(runnerTokenPrefix)) {
    await identify(parts, request, onFailure);
    throw new ProductError("access.forbidden", "This call is for runners, with the token of their enrolment.");
  }
  const runner = await findRunnerByToken(parts.database, hashSecret(token));
  if (runner === undefined) {
    await onFailure(request);
    throw unauthenticated("The runner's token is unknown, or the runner was deleted. Enroll it again.");
  }
  return runner;
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(.*)$/i.exec(headers.authorization ?? "")?.[1];
}

async function identify(
  { database, config, now }: Parts,
  request: FastifyRequest,
  onFailure: (request: FastifyRequest) => Promise<void>,
): Promise<Actor> {
  const bearer = bearerOf(request);
  const sessionSecret = request.cookies[sessionCookieName(config.publicUrl)];
  // A token that was sent on purpose counts more than a cookie that browsers send by themselves.
  if (bearer !== undefined) {
    const actor = tokenForm.test(bearer) ? await findActor(database, bearer, now()) : undefined;
    if (actor === undefined) {
      await onFailure(request);
      throw unauthenticated("The token is unknown, expired or revoked, or its account is disabled. Make a new one.");
    }
    return actor;
  }
  if (sessionSecret === undefined) {
    throw unauthenticated(
      "The request carries neither token nor session. Sign in, or send the header authorization: Bearer with an API token.",
    );
  }
  const actor = await findSessionActor(database, sessionSecret, now());
  if (actor === undefined) {
    await onFailure(request);
    throw unauthenticated("The session has ended. Sign in again.");
  }
  refuseForged(request, sessionSecret);
  return actor;
}

const tokenForm = /^[\x21-\x7e]{16,512}$/;

/** A page of somebody else can make a browser send the cookie, but cannot read the token that belongs to it. */
function refuseForged(request: FastifyRequest, sessionSecret: string): void {
  const given = request.headers["x-csrf-token"];
  if (request.method !== "GET" && !(typeof given === "string" && isCsrfToken(given, sessionSecret))) {
    throw new ProductError(
      "session.csrf",
      "The call carries a session cookie but not its token. Send csrfToken of GET /api/v1/session as the header x-csrf-token.",
    );
  }
}

function unauthenticated(message: string): ProductError {
  return new ProductError("access.unauthenticated", message);
}
