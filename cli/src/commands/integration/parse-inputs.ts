import type { ConnectorInput, InputValue } from "@rollcall/core/connector/manifest-inputs.ts";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";
import { wrongUse } from "../../wrong-use.ts";
import { namedValues } from "../named-values.ts";

/**
 * `name=value` as the connector's inputs: numbers and yes/no by the input's kind, lists with commas, nothing after = as
 * null. A value that does not fit is left a text, for the server to say what is wrong with it.
 *
 * @throws ProductError `cli.wrong_use`
 */
export function parseInputs({ id, inputs }: Connector, pairs: readonly string[]): Readonly<Record<string, InputValue>> {
  const known = new Map(inputs.map(({ name, input }) => [name, input]));
  return Object.fromEntries(
    Object.entries(namedValues(pairs, "--input")).map(([name, text]) => {
      const input = known.get(name);
      if (input === undefined) {
        throw wrongUse(`${id} has no input called "${name}". ${suggestNames(name, [...known.keys()])}`);
      }
      if (input.kind === "text" && input.secret) {
        throw wrongUse(`${name} is secret and does not belong on the command line; give it with --file -.`);
      }
      return [name, parseInput(input, text)];
    }),
  );
}

function parseInput(input: ConnectorInput, text: string): InputValue {
  if (text === "") return input.kind === "list" ? [] : null;
  switch (input.kind) {
    case "integer":
      return asInteger(text);
    case "yes-no":
      return yesNo.get(text.toLowerCase()) ?? text;
    case "list":
      if (input.all && text === "all") return text;
      return text.split(",").map((item) => (input.items === "integer" ? asInteger(item.trim()) : item.trim()));
    case "url":
    case "text":
    case "choice":
      return text;
  }
}

const yesNo: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["true", true],
  ["no", false],
  ["false", false],
]);

function asInteger(text: string): string | number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
