import type { Filter, FilterGroup, FilterRule } from "./filter-schema.ts";

/**
 * The filter in words, for pages and messages: `Create and update if Email ends with “@example.com” and (…)`. `labels` gives
 * the names people know for field ids.
 */
export function describeFilter(filter: Filter, labels: ReadonlyMap<string, string> = new Map()): string {
  if (filter.mode === "always") return "Always create and update";
  if (filter.rules === null) return "Create and update if (no rules yet)";
  return `Create and update if ${describeGroup(filter.rules, labels)}`;
}

function describeGroup(group: FilterGroup, labels: ReadonlyMap<string, string>): string {
  const isAll = "all" in group;
  const children = isAll ? group.all : group.any;
  return children
    .map((child) => {
      if ("field" in child) return describeRule(child, labels);
      const inner = describeGroup(child, labels);
      return children.length === 1 ? inner : `(${inner})`;
    })
    .join(isAll ? " and " : " or ");
}

const operatorWords = {
  equals: "is",
  "not-equals": "is not",
  contains: "contains",
  "not-contains": "does not contain",
  "starts-with": "starts with",
  "ends-with": "ends with",
  "in-list": "is one of",
  "not-in-list": "is none of",
  empty: "is empty",
  "not-empty": "is not empty",
  before: "is before",
  after: "is after",
  "within-last-days": "is within the last",
  greater: "is greater than",
  less: "is less than",
  matches: "matches",
} as const satisfies Record<FilterRule["operator"], string>;

function describeRule(rule: FilterRule, labels: ReadonlyMap<string, string>): string {
  const start = `${labels.get(rule.field) ?? rule.field} ${operatorWords[rule.operator]}`;
  if (rule.operator === "empty" || rule.operator === "not-empty") return start;
  if (rule.operator === "within-last-days")
    return `${start} ${String(rule.value)} ${Number(rule.value) === 1 ? "day" : "days"}`;
  if (!Array.isArray(rule.value)) return `${start} ${describeValue(rule.value)}`;
  const shown = rule.value.slice(0, 5).map(describeValue).join(", ");
  return `${start} ${shown}${rule.value.length > 5 ? ` and ${rule.value.length - 5} more` : ""}`;
}

function describeValue(value: string | number | boolean | undefined): string {
  return typeof value === "string" ? `“${value}”` : String(value ?? "nothing");
}
