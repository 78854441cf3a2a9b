import { idParamsSchema, listOf } from "@rollcall/core/contract/listing.ts";
import {
  acceptInvitationSchema,
  type CurrentSession,
  changePasswordSchema,
  currentSessionSchema,
  sessionSchema,
  signInSchema,
  startSchema,
} from "@rollcall/core/contract/session.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App, AppParts } from "../../http/app-parts.ts";
import { findAccount } from "./access-queries.ts";
import { changePassword } from "./change-password.ts";
import { endSession } from "./end-session.ts";
import type { Actor } from "./find-actor.ts";
import { findSessionActor } from "./find-session-actor.ts";
import { acceptInvitation } from "./invite-account.ts";
import type { Visitor } from "./open-session.ts";
import { sessionCookieName, sessionCookieOptions } from "./session-cookie.ts";
import { before, idleMilliseconds } from "./session-lifetime.ts";
import { listSessions } from "./session-queries.ts";
import { signIn } from "./sign-in.ts";
import { completeStart } from "./start-link.ts";

const tags = ["session"];
/** From one address: every call costs a tenth of a second of a processor, and failures a line of the audit log. */
const rateLimit = { max: 100, timeWindow: "1 minute" };

/** Signing in and out in a browser, and the sessions one has. */
export async function sessionRoutes(app: App, parts: AppParts): Promise<void> {
  const { database, now } = parts;
  signInRoutes(app, parts);
  ownSessionRoutes(app, parts);

  app.post(
    "/session/password",
    {
      config: { permission: "session.write", audit: "account.change_password", rateLimit },
      schema: { tags, body: changePasswordSchema, response: { 200: currentSessionSchema } },
    },
    async (request, reply) => {
      sessionOf(request.actor);
      const visitor = visitorOf(request, parts);
      return await signedIn(parts, reply, await changePassword(database, request.actor, request.body, visitor), now());
    },
  );
}

function signInRoutes(app: App, parts: AppParts): void {
  const { database } = parts;

  app.post(
    "/session",
    {
      config: { permission: "public", audit: "session.sign_in", rateLimit },
      schema: { tags, body: signInSchema, response: { 200: currentSessionSchema } },
    },
    async (request, reply) => {
      const visitor = visitorOf(request, parts);
      return await signedIn(parts, reply, await signIn(database, request.body, visitor), visitor.now);
    },
  );

  app.post(
    "/start",
    {
      config: { permission: "public", audit: "account.start", rateLimit },
      schema: { tags, body: startSchema, response: { 201: currentSessionSchema } },
    },
    async (request, reply) => {
      const visitor = visitorOf(request, parts);
      const secret = await completeStart(database, request.body, visitor);
      return await reply.code(201).send(await signedIn(parts, reply, secret, visitor.now));
    },
  );

  app.post(
    "/invitation",
    {
      config: { permission: "public", audit: "account.accept_invitation", rateLimit },
      schema: { tags, body: acceptInvitationSchema, response: { 200: currentSessionSchema } },
    },
    async (request, reply) => {
      const visitor = visitorOf(request, parts);
      return await signedIn(parts, reply, await acceptInvitation(database, request.body, visitor), visitor.now);
    },
  );
}

function ownSessionRoutes(app: App, { database, config, now }: AppParts): void {
  app.get(
    "/session",
    {
      config: { permission: "session.read", audit: "none" },
      schema: { tags, response: { 200: currentSessionSchema } },
    },
    async ({ actor }) => await describeSession(database, actor),
  );

  app.delete(
    "/session",
    { config: { permission: "session.write", audit: "session.sign_out" }, schema: { tags } },
    async ({ actor }, reply) => {
      await endSession(database, actor, sessionOf(actor).id, "session.sign_out");
      const { maxAge: _maxAge, ...options } = sessionCookieOptions(config.publicUrl);
      return await reply.clearCookie(sessionCookieName(config.publicUrl), options).code(204).send();
    },
  );

  app.get(
    "/session/list",
    {
      config: { permission: "session.read", audit: "none" },
      schema: { tags, response: { 200: listOf(sessionSchema) } },
    },
    async ({ actor }) => {
      const at = now();
      const found = await listSessions(database, actor.accountId, {
        now: at,
        idleSince: before(at, idleMilliseconds),
        currentId: actor.session?.id ?? null,
      });
      return { data: [...found], nextCursor: null, total: found.length };
    },
  );

  app.delete(
    "/session/list/:id",
    { config: { permission: "session.write", audit: "session.revoke" }, schema: { tags, params: idParamsSchema } },
    async ({ actor, params }, reply) => {
      await endSession(database, actor, params.id, "session.revoke");
      return await reply.code(204).send();
    },
  );
}

function visitorOf(request: FastifyRequest, { config, now }: AppParts): Visitor {
  return {
    now: now(),
    address: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    sessionSecret: request.cookies[sessionCookieName(config.publicUrl)],
  };
}

async function signedIn(
  { database, config }: AppParts,
  reply: FastifyReply,
  secret: string,
  now: Date,
): Promise<CurrentSession> {
  const actor = await findSessionActor(database, secret, now);
  if (actor === undefined) {
    throw new ProductError("session.wrong_credentials", "The account was disabled at this moment.");
  }
  reply.setCookie(sessionCookieName(config.publicUrl), secret, sessionCookieOptions(config.publicUrl));
  return await describeSession(database, actor);
}

async function describeSession(database: AppParts["database"], actor: Actor): Promise<CurrentSession> {
  const account = await findAccount(database, actor.accountId);
  if (account === undefined) {
    throw new ProductError("account.not_found", "The account is gone.");
  }
  return {
    account,
    role: actor.role,
    permissions: [...actor.permissions],
    csrfToken: actor.session?.csrfToken ?? null,
  };
}

function sessionOf({ session }: Actor): NonNullable<Actor["session"]> {
  if (session === undefined) {
    throw new ProductError("session.needed", "Only a signed-in browser can do this, not an API token.");
  }
  return session;
}
