import type { FieldProblem } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import type { ConnectorInput, InputValue, InputValues } from "./manifest-inputs.ts";

export type ReadInputs =
  | { readonly kind: "ok"; readonly inputs: InputValues }
  | { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] };

/**
 * Checks what an operator entered in a connector's form and fills in defaults. Absent, null and "" mean nothing entered.
 * The pointers of problems are `/<input>`.
 */
export function readInputs(manifest: Manifest, entered: Readonly<Record<string, unknown>>): ReadInputs {
  const inputs: Record<string, InputValue> = {};
  const problems: FieldProblem[] = Object.keys(entered)
    .filter((name) => manifest.inputs[name] === undefined)
    .map((name) => ({ pointer: `/${name}`, message: "This connector has no such input." }));
  for (const [name, input] of Object.entries(manifest.inputs)) {
    const value = entered[name];
    const empty = value === undefined || value === null || value === "";
    const read = empty ? valueWhenEmpty(input) : readInput(input, value);
    if (typeof read === "object" && read !== null && "problem" in read) {
      problems.push({ pointer: `/${name}`, message: `${input.label}: ${read.problem}` });
    } else {
      inputs[name] = read;
    }
  }
  return problems.length === 0 ? { kind: "ok", inputs } : { kind: "invalid", problems };
}

type ReadValue = InputValue | { readonly problem: string };

function valueWhenEmpty(input: ConnectorInput): ReadValue {
  if (input.default !== undefined) return input.default;
  return input.optional ? null : { problem: "enter a value." };
}

function readInput(input: ConnectorInput, value: unknown): ReadValue {
  switch (input.kind) {
    case "url":
      return readUrl(value);
    case "integer": {
      const number = readInteger(value);
      return number === undefined || number < input.min || number > input.max
        ? { problem: `enter a whole number from ${input.min} to ${input.max}.` }
        : number;
    }
    case "text":
      return typeof value === "string" && value.length <= 1024 ? value : { problem: "enter at most 1024 characters." };
    case "choice":
      return typeof value === "string" && input.choices.some((choice) => choice.value === value)
        ? value
        : { problem: `choose one of ${input.choices.map((choice) => choice.value).join(", ")}.` };
    case "list":
      return readList(input, value);
    case "yes-no":
      return typeof value === "boolean" ? value : { problem: "enter yes (true) or no (false)." };
  }
}

function readUrl(value: unknown): ReadValue {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return { problem: "enter an address that starts with https://." };
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return { problem: "enter the address without user name, query or fragment." };
  }
  return url.href.replace(/\/+$/, "");
}

function readInteger(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === "string" && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : undefined;
}

function readList(input: ConnectorInput & { kind: "list" }, value: unknown): ReadValue {
  if (value === "all") return input.all ? "all" : { problem: "enter the values themselves." };
  if (!Array.isArray(value) || value.length === 0 || value.length > 1000) {
    return { problem: `enter from 1 to 1000 values${input.all ? ', or the word "all"' : ""}.` };
  }
  const entries = value.map((entry: unknown) =>
    input.items === "integer" ? readInteger(entry) : typeof entry === "string" && entry !== "" ? entry : undefined,
  );
  const read = entries.filter((entry) => entry !== undefined);
  return read.length === entries.length
    ? read
    : { problem: input.items === "integer" ? "every entry must be a whole number." : "every entry must be text." };
}
