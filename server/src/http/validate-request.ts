import { ProductError } from "@rollcall/core/errors.ts";
import type { z } from "zod";
import { explainIssue, requestProblems, unstorableTexts } from "./request-problems.ts";

type RoutePart = { readonly schema: z.ZodType; readonly httpPart?: string };

/** Fastify's validator compiler: parses by the route's zod schema, and explains what does not fit. */
export function compileValidation({ schema, httpPart }: RoutePart) {
  return (value: unknown): { readonly value: unknown } | { readonly error: ProductError } => {
    const unstorable = unstorableTexts(value);
    if (unstorable.length > 0) {
      return { error: refusal(httpPart, unstorable) };
    }
    const result = schema.safeParse(value, { error: explainIssue });
    return result.success
      ? { value: result.data }
      : { error: refusal(httpPart, requestProblems(schema, result.error)) };
  };
}

const mostProblems = 50;

function refusal(httpPart: string | undefined, problems: ReturnType<typeof requestProblems>): ProductError {
  if (httpPart === "params") {
    return new ProductError("request.not_found", "There is nothing at this address.");
  }
  const [first] = problems;
  const where = httpPart === "querystring" ? "parameter" : "field";
  const place = first === undefined || first.pointer === "" ? "The body" : `The ${where} ${first.pointer}`;
  const others = problems.length > 1 ? ` ${problems.length - 1} more in errors.` : "";
  return new ProductError("request.invalid", `${place} ${first?.message ?? "cannot be used"}.${others}`, {
    problems: problems.slice(0, mostProblems),
  });
}
