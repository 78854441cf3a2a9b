import type { ConnectorInput } from "@rollcall/core/connector/manifest-inputs.ts";
import type { Connector } from "@rollcall/core/contract/connectors.ts";

/** Values of a connector's inputs as its form holds them: text for what is typed. */
export type InputTexts = Record<string, string | boolean>;

type NamedInput = Connector["inputs"][number];

/** What the form shows: what was saved, else the default. */
export function inputTexts(inputs: readonly NamedInput[], saved: Readonly<Record<string, unknown>>): InputTexts {
  return Object.fromEntries(
    inputs.map(({ name, input }) => [name, textOf(input, name in saved ? saved[name] : defaultOf(input))]),
  );
}

/** What is sent: typed again, null for what was left empty. An unreadable number stays text, so that the server says what is wrong. */
export function inputValues(inputs: readonly NamedInput[], texts: InputTexts): Record<string, unknown> {
  return Object.fromEntries(
    inputs.flatMap(({ name, input }) => {
      const value = typedValue(input, texts[name] ?? "");
      // A secret left empty keeps its value; anything else left empty takes the default.
      const isKept = value === null && (input.kind === "text" ? input.secret : false);
      return isKept ? [] : [[name, value ?? (isOptional(input) ? null : defaultOf(input))]];
    }),
  );
}

/** A saved value in words. */
export function showInput(input: ConnectorInput, value: unknown): string {
  const shown = value ?? defaultOf(input);
  if (shown === null || shown === undefined || shown === "") return "not set";
  if (input.kind === "yes-no") return shown === true ? "Yes" : "No";
  if (input.kind === "choice") return input.choices.find((choice) => choice.value === shown)?.label ?? String(shown);
  return Array.isArray(shown) ? shown.join(", ") : String(shown);
}

function typedValue(input: ConnectorInput, text: string | boolean): unknown {
  if (typeof text === "boolean") return text;
  const trimmed = text.trim();
  if (trimmed === "") return null;
  switch (input.kind) {
    case "integer":
      return wholeNumber(trimmed);
    case "list": {
      if (input.all && trimmed.toLowerCase() === "all") return "all";
      const items = trimmed.split(/[,;\s]+/).filter((item) => item !== "");
      return input.items === "integer" ? items.map(wholeNumber) : items;
    }
    default:
      return trimmed;
  }
}

function wholeNumber(text: string): number | string {
  return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
}

function textOf(input: ConnectorInput, value: unknown): string | boolean {
  if (input.kind === "yes-no") return value === true;
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function defaultOf(input: ConnectorInput): unknown {
  return input.default ?? null;
}

function isOptional(input: ConnectorInput): boolean {
  return "optional" in input && input.optional;
}
