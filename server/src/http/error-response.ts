import type { Problem } from "@rollcall/core/contract/problem.ts";
import { type ErrorCode, errorFamilies, errorTable, ProductError } from "@rollcall/core/errors.ts";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Answers with RFC 9457 problem details; every error of the API goes through here. */
export async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const known = asProductError(error);
  const problem = toProblem(known, request.id);
  if (problem.status >= 500) {
    request.log.error({ err: known, code: known.code }, "request failed");
  }
  if (known.code === "access.unauthenticated") {
    reply.header("www-authenticate", 'Bearer realm="rollcall"');
  }
  if (typeof known.details.retryAfterSeconds === "number") {
    reply.header("retry-after", known.details.retryAfterSeconds);
  }
  return await reply.code(problem.status).type("application/problem+json; charset=utf-8").send(JSON.stringify(problem));
}

/** The body of an error answer. */
export function toProblem(error: ProductError, requestId: string): Problem {
  const { family, meaning, nextStep } = errorTable[error.code];
  return {
    type: `urn:rollcall:error:${error.code}`,
    title: meaning,
    status: errorFamilies[family].status,
    code: error.code,
    // What broke inside is for the log: the driver's words may name hosts, users and statements.
    detail: isInternal(error) ? meaning : error.message,
    nextStep,
    requestId,
    errors: error.problems.map(({ pointer, message }) => ({ pointer, message })),
    ...(isInternal(error) || Object.keys(error.details).length === 0 ? {} : { details: error.details }),
  };
}

function isInternal({ code, family }: ProductError): boolean {
  return family === "internal" || family === "connector-defect" || code.startsWith("database.");
}

function asProductError(error: unknown): ProductError {
  if (error instanceof ProductError) {
    return error;
  }
  const code = transportCode(error);
  if (code !== undefined) {
    return new ProductError(code, `${errorTable[code].meaning} ${errorTable[code].nextStep}`);
  }
  return new ProductError("internal.unexpected", "The request failed unexpectedly.", { cause: error });
}

// Fastify's own refusals, https://fastify.dev/docs/latest/Reference/Errors/.
function transportCode(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) {
    return undefined;
  }
  const code = "code" in error ? error.code : undefined;
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE" || error.statusCode === 415) {
    return "request.unsupported_media_type";
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || error.statusCode === 413) {
    return "request.too_large";
  }
  if (code === "FST_ERR_MAX_PARAM_LENGTH") {
    return "request.not_found";
  }
  if (error instanceof SyntaxError || code === "FST_ERR_CTP_INVALID_JSON_BODY") {
    return "request.malformed_json";
  }
  return Number(error.statusCode) >= 400 && Number(error.statusCode) < 500 ? "request.malformed" : undefined;
}
