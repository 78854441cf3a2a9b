/**
 * Paths into a vendor's record, as people write them: `status`, `profile.field_1`, `{{profile["field 2"]}}`,
 * `profiles[0].provider`, JSON Pointers (RFC 6901) such as `/profiles/0/provider`, and constants `{{"text"}}`.
 * A path is a list of steps; there are no expressions.
 */
export type CompiledPath =
  | { readonly kind: "constant"; readonly value: string }
  | { readonly kind: "steps"; readonly steps: readonly PathStep[] };

/** `index` is the step as a place in a list, or -1 when it is only a name. */
export type PathStep = { readonly name: string; readonly index: number };

export type ParsedPath =
  | { readonly kind: "ok"; readonly path: CompiledPath }
  /** `at` is the offset in the text, in UTF-16 units, where reading stopped. */
  | { readonly kind: "invalid"; readonly message: string; readonly at: number };

const stepLimit = 32;

/** Reads a path as people write it. Any text gives a path or an explanation; nothing throws. */
export function parsePath(text: string): ParsedPath {
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  if (start >= end) return invalid("The path is empty; write a field such as status or profile.name.", 0);
  if (text[start] === "/") return parsePointerFrom(text.slice(0, end), start);
  if (!text.startsWith("{{", start)) {
    const quote = isQuote(text[start]);
    if (quote) return invalid('A constant is written in double braces: {{"text"}}.', start);
    return parseSteps(text, start, end);
  }
  if (end - start < 4 || !text.startsWith("}}", end - 2)) {
    return invalid("The closing }} is missing; write {{…}} around the whole path.", end);
  }
  return parseBraces(text, start + 2, end - 2);
}

/** Reads a JSON Pointer, as connectors use for their fields. The empty pointer, the whole record, is no field. */
export function parsePointer(pointer: string): ParsedPath {
  if (!pointer.startsWith("/")) return invalid("A JSON Pointer starts with a slash, such as /profile/name.", 0);
  return parsePointerFrom(pointer, 0);
}

/**
 * The value at the path, or undefined when there is none. Own properties only, never the prototype; lists only by
 * index; text and numbers have no parts.
 */
export function readPath(path: CompiledPath, record: unknown): unknown {
  return path.kind === "constant" ? path.value : readSteps(path.steps, record);
}

/** Like `readPath`, for steps. */
export function readSteps(steps: readonly PathStep[], record: unknown): unknown {
  let current = record;
  for (const step of steps) {
    if (typeof current !== "object" || current === null) return undefined;
    if (Array.isArray(current)) {
      if (!Object.hasOwn(current, step.index)) return undefined;
      current = current[step.index];
    } else {
      if (!Object.hasOwn(current, step.name)) return undefined;
      current = (current as Readonly<Record<string, unknown>>)[step.name];
    }
  }
  return current;
}

function parsePointerFrom(text: string, start: number): ParsedPath {
  const steps: PathStep[] = [];
  let at = start;
  for (const token of text.slice(start + 1).split("/")) {
    const bad = /~(?![01])/.exec(token);
    if (bad !== null) return invalid("In a JSON Pointer ~ is written ~0 and / is written ~1.", at + 1 + bad.index);
    steps.push(step(token.replaceAll("~1", "/").replaceAll("~0", "~")));
    at += token.length + 1;
  }
  return withinLimit(steps, start);
}

function parseBraces(text: string, from: number, to: number): ParsedPath {
  const start = skipSpace(text, from, to);
  const end = from + text.slice(from, to).trimEnd().length;
  if (start >= end) return invalid('There is nothing between {{ and }}; write a path or a constant {{"text"}}.', start);
  if (!isQuote(text[start])) return parseSteps(text, start, end);
  const constant = readQuoted(text, start, end);
  if (constant === null) return invalid("The closing quotation mark of the constant is missing.", end);
  if (constant.end < end) return invalid(afterConstant(text.slice(constant.end, end)), constant.end);
  return { kind: "ok", path: { kind: "constant", value: constant.value } };
}

function afterConstant(rest: string): string {
  return rest.trimStart().startsWith("|")
    ? "Functions are chosen in the mapping rule, not written into the path."
    : "After the constant's closing quotation mark nothing may follow; inside it write \\\" for a quotation mark.";
}

function parseSteps(text: string, start: number, end: number): ParsedPath {
  const steps: PathStep[] = [];
  let at = start;
  while (at < end) {
    if (text[at] === "[") {
      const bracket = readBracket(text, at, end);
      if (bracket.kind === "invalid") return bracket;
      steps.push(bracket.step);
      at = bracket.end;
    } else {
      if (at > start) {
        if (text[at] !== ".") return invalid(unexpected(text, at), at);
        at++;
      }
      const from = at;
      while (at < end && !isDelimiter(text[at])) at++;
      if (at === from) {
        const missing = at >= end || text[at] === "." || text[at] === "[";
        return invalid(missing ? "A field's name is missing beside the dot." : unexpected(text, at), at);
      }
      steps.push(step(text.slice(from, at)));
    }
  }
  return withinLimit(steps, start);
}

type Bracket =
  | { readonly kind: "step"; readonly step: PathStep; readonly end: number }
  | Extract<ParsedPath, { kind: "invalid" }>;

function readBracket(text: string, open: number, end: number): Bracket {
  let at = skipSpace(text, open + 1, end);
  let name: string;
  if (isQuote(text[at]) && at < end) {
    const quoted = readQuoted(text, at, end);
    if (quoted === null) return invalid("The closing quotation mark in the brackets is missing.", end);
    name = quoted.value;
    at = quoted.end;
  } else {
    const from = at;
    while (at < end && isDigit(text[at])) at++;
    name = text.slice(from, at);
    if (step(name).index < 0) {
      return invalid(
        'Brackets hold the place in a list, [0] being the first, or a name in quotation marks: ["name"].',
        from,
      );
    }
  }
  at = skipSpace(text, at, end);
  if (at >= end || text[at] !== "]") return invalid("The closing ] is missing.", at);
  return { kind: "step", step: step(name), end: at + 1 };
}

/** Reads from a quotation mark to the next of its kind. Only `\"`, `\'` and `\\` are escapes. */
function readQuoted(text: string, open: number, end: number): { readonly value: string; readonly end: number } | null {
  const quote = text[open];
  let value = "";
  for (let at = open + 1; at < end; at++) {
    const character = text[at];
    if (character === quote) return { value, end: at + 1 };
    const next = at + 1 < end ? text[at + 1] : undefined;
    if (character === "\\" && (next === "\\" || isQuote(next))) {
      value += next;
      at++;
    } else value += character;
  }
  return null;
}

function unexpected(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0x20);
  if (character === "|" || character === "(")
    return "Functions are chosen in the mapping rule, not written into the path.";
  const shown = character.trim() === "" ? "A space" : `The character ${character}`;
  return `${shown} cannot stand here; write names with special characters in brackets: profile["field 2"].`;
}

function withinLimit(steps: readonly PathStep[], at: number): ParsedPath {
  if (steps.length > stepLimit) return invalid(`The path has more than ${stepLimit} steps; shorten it.`, at);
  return { kind: "ok", path: { kind: "steps", steps } };
}

function step(name: string): PathStep {
  return { name, index: /^(?:0|[1-9][0-9]{0,8})$/.test(name) ? Number(name) : -1 };
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text[at]?.trim() === "") at++;
  return at;
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}

function isDelimiter(character: string | undefined): boolean {
  return character === undefined || ".[]{}()|\"'".includes(character) || character.trim() === "";
}

function invalid(message: string, at: number): Extract<ParsedPath, { kind: "invalid" }> {
  return { kind: "invalid", message, at };
}
