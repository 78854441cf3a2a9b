import { rfc6749Body } from "../faults/answer-faults.ts";
import { type Answer, jsonAnswer } from "../http/answer.ts";
import type { RequestLogEntry } from "../http/traffic.ts";
import { errorAnswer } from "./error-answer.ts";
import type { IroncladState } from "./ironclad-state.ts";

/**
 * Create/Regenerate Access Token. Named on the page are only `client_id` and `client_secret`; grant type, encoding,
 * answer and lifetime are assumptions U1–U4.
 * https://clickwrap-developer.ironcladapp.com/reference/createregenerate-access-token
 */
export function answerTokenRequest(
  state: IroncladState,
  request: { readonly contentType: string; readonly authorization: string | undefined; readonly body: string },
  entry: RequestLogEntry,
): Answer {
  const { modes, credentials } = state;
  const parsed = readTokenBody(request.contentType, request.body);
  if (parsed === undefined) return refuse(state, 400, "The body must be form encoded or JSON.");
  const basic = readBasic(request.authorization);
  const inBody = parsed.parameters.client_id !== undefined || parsed.parameters.client_secret !== undefined;
  const clientAuth = basic === undefined ? (inBody ? "body" : "none") : "basic";
  const grantType = parsed.parameters.grant_type ?? "";
  entry.tokenRequest = { encoding: parsed.encoding, clientAuth, grantType };

  if (modes.tokenEncoding !== "any" && modes.tokenEncoding !== parsed.encoding) {
    return refuse(state, 400, `The body must be encoded as ${modes.tokenEncoding}.`);
  }
  const grantIsGood = grantType === "client_credentials" || (grantType === "" && modes.grantType === "optional");
  if (!grantIsGood) return refuse(state, 400, "`grant_type` must be client_credentials.");
  const accepted = modes.clientAuth === "any" || modes.clientAuth === clientAuth;
  const clientId = basic?.clientId ?? parsed.parameters.client_id;
  const clientSecret = basic?.clientSecret ?? parsed.parameters.client_secret;
  if (!accepted || clientId !== credentials.clientId || clientSecret !== credentials.clientSecret) {
    return refuseCredential(state);
  }
  return grantToken(state);
}

function grantToken(state: IroncladState): Answer {
  const { modes } = state;
  const lifetime = modes.tokenLifetime;
  const lifetimeMs = lifetime === null ? null : lifetime * 1000;
  const token = state.tokens.mint({ lifetimeMs, revokeOthers: modes.revokeOnMint });
  state.traffic.count("mints");
  return jsonAnswer(
    200,
    JSON.stringify({
      access_token: token,
      ...(modes.tokenType === null ? {} : { token_type: modes.tokenType }),
      ...(lifetime === null || !modes.expiresIn ? {} : { expires_in: lifetime }),
      ...(modes.refreshToken ? { refresh_token: `refresh-${token.slice(0, 20)}` } : {}),
    }),
  );
}

function refuseCredential(state: IroncladState): Answer {
  switch (state.modes.badCredential) {
    case "401-envelope":
      return refuse(state, 401, "Client authentication failed.");
    case "401-rfc6749":
      state.traffic.count("refusedMints");
      return jsonAnswer(401, rfc6749Body(401));
    case "400-rfc6749":
      state.traffic.count("refusedMints");
      return jsonAnswer(400, rfc6749Body(400));
  }
}

function refuse(state: IroncladState, status: number, message: string): Answer {
  state.traffic.count("refusedMints");
  return errorAnswer(state.modes, status, message);
}

function readTokenBody(
  contentType: string,
  body: string,
): { readonly encoding: "form" | "json"; readonly parameters: Readonly<Record<string, string>> } | undefined {
  if (contentType.startsWith("application/json")) {
    try {
      const value: unknown = JSON.parse(body);
      if (typeof value !== "object" || value === null) return undefined;
      const texts = Object.entries(value).filter(([, member]) => typeof member === "string");
      return { encoding: "json", parameters: Object.fromEntries(texts) as Record<string, string> };
    } catch {
      // What is not JSON gets the same answer as every body that cannot be read.
      return undefined;
    }
  }
  if (!contentType.startsWith("application/x-www-form-urlencoded")) return undefined;
  return { encoding: "form", parameters: Object.fromEntries(new URLSearchParams(body)) };
}

/** RFC 6749 §2.3.1: both halves are form encoded before they are joined. */
function readBasic(header: string | undefined): { clientId: string; clientSecret: string } | undefined {
  const encoded = /^basic (.+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = "", clientSecret = ""] = Buffer.from(encoded, "base64").toString("utf8").split(":", 2);
  return { clientId: formDecoded(clientId), clientSecret: formDecoded(clientSecret) };
}

function formDecoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? "";
}
