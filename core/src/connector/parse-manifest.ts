import type { z } from "zod";
import type { FieldProblem } from "../errors.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";
import { checkManifestRules } from "./manifest-rules.ts";

export type ParsedManifest =
  | { readonly kind: "ok"; readonly manifest: Manifest }
  | { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] };

/** Reads a connector's manifest from data (YAML or JSON already parsed): first its shape, then the rules across fields. */
export function parseManifest(data: unknown): ParsedManifest {
  const shaped = manifestSchema.safeParse(data);
  if (!shaped.success) return { kind: "invalid", problems: shaped.error.issues.flatMap(toProblems) };
  const problems = checkManifestRules(shaped.data);
  return problems.length === 0 ? { kind: "ok", manifest: shaped.data } : { kind: "invalid", problems };
}

/** In a union the alternative that got furthest says what is wrong; the others only say that they are others. */
function toProblems(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nearest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    if (depth(nearest) > 0) {
      return nearest.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }));
    }
  }
  return [{ pointer: toPointer(issue.path), message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
