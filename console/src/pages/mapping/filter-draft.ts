import type { FilterGroup, FilterNode, FilterRule } from "@rollcall/core/mapping/filter-schema.ts";

/** Changes to nested groups of rules. Each gives new groups and leaves the old ones as they were. */

export function isGroup(node: FilterNode): node is FilterGroup {
  return "all" in node || "any" in node;
}

export function childrenOf(group: FilterGroup): readonly FilterNode[] {
  return "all" in group ? group.all : group.any;
}

/** The same kind of group with other children. */
export function withChildren(group: FilterGroup, children: readonly FilterNode[]): FilterGroup {
  return "all" in group ? { all: [...children] } : { any: [...children] };
}

/** All of the rules must hold, or any of them. */
export function withKind(group: FilterGroup, kind: "all" | "any"): FilterGroup {
  const children = [...childrenOf(group)];
  return kind === "all" ? { all: children } : { any: children };
}

export function replaceChild(group: FilterGroup, index: number, node: FilterNode): FilterGroup {
  return withChildren(
    group,
    childrenOf(group).map((child, at) => (at === index ? node : child)),
  );
}

export function removeChild(group: FilterGroup, index: number): FilterGroup {
  return withChildren(
    group,
    childrenOf(group).filter((_, at) => at !== index),
  );
}

export function addChild(group: FilterGroup, node: FilterNode): FilterGroup {
  return withChildren(group, [...childrenOf(group), node]);
}

export const operatorWords = {
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
  "within-last-days": "is within the last … days",
  greater: "is greater than",
  less: "is less than",
  matches: "matches the pattern",
} as const satisfies Record<FilterRule["operator"], string>;

type FieldType = "text" | "number" | "yes-no" | "date-time";
type Operator = FilterRule["operator"];

const everywhere: readonly Operator[] = ["equals", "not-equals", "in-list", "not-in-list", "empty", "not-empty"];
const byType: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ["contains", "not-contains", "starts-with", "ends-with", "matches"],
  number: ["greater", "less"],
  "yes-no": [],
  "date-time": ["before", "after", "within-last-days"],
};

/** The operators that make sense for a type; all of them for a field whose type nobody knows. */
export function operatorsFor(type: FieldType | undefined): readonly Operator[] {
  if (type === undefined) return Object.keys(operatorWords) as Operator[];
  return type === "yes-no" ? ["equals", "not-equals", "empty", "not-empty"] : [...everywhere, ...byType[type]];
}

/** The kind of value that an operator takes. */
export function valueKind(operator: Operator): "none" | "list" | "days" | "date" | "number" | "text" {
  switch (operator) {
    case "empty":
    case "not-empty":
      return "none";
    case "in-list":
    case "not-in-list":
      return "list";
    case "within-last-days":
      return "days";
    case "before":
    case "after":
      return "date";
    case "greater":
    case "less":
      return "number";
    default:
      return "text";
  }
}

/** The rule with another operator; its value stays where the new operator takes the same kind. */
export function withOperator(rule: FilterRule, operator: Operator): FilterRule {
  const { value, ...others } = rule;
  const kind = valueKind(operator);
  const isKept = value !== undefined && kind === valueKind(rule.operator);
  const start = kind === "list" ? [] : kind === "days" ? 30 : kind === "number" ? 0 : "";
  return kind === "none" ? { ...others, operator } : { ...others, operator, value: isKept ? value : start };
}
