import type { JsonValue } from "../population/ironclad-user.ts";

export type Matcher = (record: Readonly<Record<string, JsonValue>>) => boolean;

/**
 * Oomnitza's filter language as far as public pages show it: `field op value` with eq, ne, lt, lte, gt, gte, LIKE, IN […], IS NULL,
 * IS NOT NULL and BETWEEN … AND …, joined by and/or with parentheses. Undefined when the text is none.
 */
export function parseFilter(text: string): Matcher | undefined {
  if (text.replace(tokenPattern, "").trim() !== "") return undefined;
  const tokens = [...text.matchAll(tokenPattern)].map(([whole, double, single]): Token => {
    const quoted = double ?? single;
    return quoted === undefined
      ? { kind: /^[()[\],]$/.test(whole) ? "mark" : "word", text: whole }
      : { kind: "text", text: quoted };
  });
  const reader = { tokens, at: 0 };
  const matcher = either(reader);
  return reader.at === tokens.length ? matcher : undefined;
}

const tokenPattern = /"([^"]*)"|'([^']*)'|[()[\],]|[^\s()[\],"']+/g;

type Token = { readonly kind: "text" | "word" | "mark"; readonly text: string };
type Reader = { readonly tokens: readonly Token[]; at: number };

function either(reader: Reader): Matcher | undefined {
  let left = both(reader);
  while (left !== undefined && takes(reader, "or")) {
    const [first, second]: (Matcher | undefined)[] = [left, both(reader)];
    left = first && second && ((record) => first(record) || second(record));
  }
  return left;
}

function both(reader: Reader): Matcher | undefined {
  let left = single(reader);
  while (left !== undefined && takes(reader, "and")) {
    const [first, second]: (Matcher | undefined)[] = [left, single(reader)];
    left = first && second && ((record) => first(record) && second(record));
  }
  return left;
}

function single(reader: Reader): Matcher | undefined {
  if (takes(reader, "(")) {
    const inner = either(reader);
    return takes(reader, ")") ? inner : undefined;
  }
  const field = next(reader);
  if (field?.kind !== "word" || !/^[A-Za-z_]\w*$/.test(field.text)) return undefined;
  const test = comparison(reader);
  return test && ((record) => test(record[field.text] ?? null));
}

function comparison(reader: Reader): ((value: JsonValue) => boolean) | undefined {
  const operator = next(reader)?.text.toLowerCase();
  if (operator === "is") {
    const negated = takes(reader, "not");
    return takes(reader, "null") ? (value) => (value === null || value === "") !== negated : undefined;
  }
  if (operator === "in") {
    const values = list(reader);
    return values && ((value) => values.some((each) => same(value, each)));
  }
  const operand = value(reader);
  if (operand === undefined) return undefined;
  switch (operator) {
    case "eq":
    case "=":
      return (found) => same(found, operand);
    case "ne":
    case "!=":
      return (found) => !same(found, operand);
    case "lt":
      return (found) => found !== null && order(found, operand) < 0;
    case "lte":
      return (found) => found !== null && order(found, operand) <= 0;
    case "gt":
      return (found) => found !== null && order(found, operand) > 0;
    case "gte":
      return (found) => found !== null && order(found, operand) >= 0;
    case "like": {
      const pattern = new RegExp(`^${operand.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("%", ".*")}$`, "i");
      return (found) => found !== null && pattern.test(String(found));
    }
    case "between": {
      const upper = takes(reader, "and") ? value(reader) : undefined;
      return upper === undefined
        ? undefined
        : (found) => found !== null && order(found, operand) >= 0 && order(found, upper) <= 0;
    }
    default:
      return undefined;
  }
}

function list(reader: Reader): readonly string[] | undefined {
  if (!takes(reader, "[")) return undefined;
  const values: string[] = [];
  for (;;) {
    const item = value(reader);
    if (item === undefined) return undefined;
    values.push(item);
    if (takes(reader, "]")) return values;
    if (!takes(reader, ",")) return undefined;
  }
}

function value(reader: Reader): string | undefined {
  const token = next(reader);
  return token === undefined || token.kind === "mark" ? undefined : token.text;
}

function next(reader: Reader): Token | undefined {
  return reader.tokens[reader.at++];
}

function takes(reader: Reader, word: string): boolean {
  const token = reader.tokens[reader.at];
  if (token === undefined || token.kind === "text" || token.text.toLowerCase() !== word) return false;
  reader.at++;
  return true;
}

/** Without regard to case, as texts are compared in most databases. */
function same(found: JsonValue, operand: string): boolean {
  return found !== null && String(found).toLowerCase() === operand.toLowerCase();
}

function order(found: JsonValue, operand: string): number {
  const [left, right] = [Number(found), Number(operand)];
  return Number.isNaN(left) || Number.isNaN(right) ? String(found).localeCompare(operand) : left - right;
}
