import type { FieldProblem } from "../errors.ts";
import { compileRule } from "./filter-rule.ts";
import { type Filter, type FilterNode, type FilterRule, filterDepthLimit } from "./filter-schema.ts";
import { type CompiledSourceOrMessage, isUnavailable, type RootsById, type Unavailable } from "./source.ts";

/** Whether a record creates or updates. `now` is milliseconds since 1970. */
export type PassesFilter = (record: unknown, now: number, unavailable: Unavailable | undefined) => boolean;

export type CompiledFilter =
  | { readonly kind: "always" }
  | { readonly kind: "if"; readonly passes: PassesFilter }
  | { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] };

type CompileOptions = {
  /** Finds a field by the name a rule gives. */
  readonly findSource: (name: string) => CompiledSourceOrMessage;
  readonly roots: RootsById;
};

/**
 * Compiles a filter; problems point into the integration document (`/filter/rules/all/0/value`). A rule over a field that
 * was not read completely is neither true nor false; a record passes only when it passes whatever that field holds.
 */
export function compileFilter(filter: Filter, options: CompileOptions): CompiledFilter {
  if (filter.mode === "always") return { kind: "always" };
  if (filter.rules === null) {
    const message = "“Create and update if” has no rules; add one, or choose “always”.";
    return { kind: "invalid", problems: [{ pointer: "/filter/rules", message }] };
  }
  const problems: FieldProblem[] = [];
  const judge = compileNode(filter.rules, "/filter/rules", filterDepthLimit, { ...options, problems });
  if (problems.length > 0) return { kind: "invalid", problems };
  return { kind: "if", passes: (record, now, unavailable) => judge(record, now, unavailable) === true };
}

/** Three-valued, as in SQL: null is "cannot be known in this run". */
type Judge = (record: unknown, now: number, unavailable: Unavailable | undefined) => boolean | null;
type Compiling = CompileOptions & { readonly problems: FieldProblem[] };

function compileNode(node: FilterNode, pointer: string, depthLeft: number, compiling: Compiling): Judge {
  if (!("all" in node) && !("any" in node)) return compileRuleNode(node, pointer, compiling);
  const isAll = "all" in node;
  const children = isAll ? node.all : node.any;
  const at = `${pointer}/${isAll ? "all" : "any"}`;
  if (depthLeft === 0)
    return refused(compiling, at, "Groups are nested too deep; put rules of the same kind together.");
  if (children.length === 0) return refused(compiling, at, "The group is empty; add a rule or remove the group.");
  const judges = children.map((child, index) => compileNode(child, `${at}/${index}`, depthLeft - 1, compiling));
  return (record, now, unavailable) => {
    let result: boolean | null = isAll;
    for (const judge of judges) {
      const one = judge(record, now, unavailable);
      if (one === !isAll) return one;
      if (one === null) result = null;
    }
    return result;
  };
}

function compileRuleNode(rule: FilterRule, pointer: string, compiling: Compiling): Judge {
  const found = compiling.findSource(rule.field);
  const compiled = compileRule(rule);
  if (compiled.kind === "invalid") refused(compiling, `${pointer}/${compiled.part}`, compiled.message);
  if (found.kind === "invalid") return refused(compiling, `${pointer}/field`, found.message);
  if (compiled.kind === "invalid") return () => null;
  const { source } = found;
  const { test } = compiled;
  return (record, now, unavailable) =>
    unavailable !== undefined && unavailable.size > 0 && isUnavailable(source, unavailable, compiling.roots)
      ? null
      : test(source.read(record), now);
}

function refused(compiling: Compiling, pointer: string, message: string): Judge {
  compiling.problems.push({ pointer, message });
  return () => null;
}
