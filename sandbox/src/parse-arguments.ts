import { readFileSync } from "node:fs";
import { BadInput } from "./http/bad-input.ts";
import { defaultModes, modeFromText } from "./ironclad/modes.ts";
import type { IroncladSandboxOptions } from "./start-ironclad-sandbox.ts";

export type Arguments = { readonly json: boolean; readonly help: boolean; readonly options: IroncladSandboxOptions };

/**
 * The command line: `--port 4700 --users 250 --revoke-on-mint false --json`. Every mode is an option in kebab case;
 * `--faults` takes JSON, or a file of it. Throws BadInput for anything unknown.
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const options: Record<string, unknown> = {};
  let json = false;
  let help = false;
  for (let at = 0; at < argv.length; at++) {
    const [flag = "", inline] = splitOnce(argv[at] ?? "");
    if (flag === "--json") json = true;
    else if (flag === "--help") help = true;
    else {
      const text = inline ?? argv[++at];
      if (!flag.startsWith("--") || text === undefined) throw new BadInput(`${flag} needs a value; see --help.`);
      const name = flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      options[name] = optionValue(name, text);
    }
  }
  return { json, help, options: { port: 4700, ...options } };
}

export const usage = `Usage: npm run sandbox -- [--port 4700] [--users 250] [--population odd|plain] [--seed 1]
  [--client-id ID] [--client-secret SECRET] [--faults JSON-or-file] [--json]
and every mode in kebab case, such as --sites 3 --token-lifetime 60 --rate-limits false:
  ${Object.keys(defaultModes).join(", ")}
With --oomnitza: a simulator of Oomnitza instead, [--port 4702] [--token TEXT] [--json] and its modes.
sandbox/README.md says what they mean.
`;

function optionValue(name: string, text: string): unknown {
  if (Object.hasOwn(defaultModes, name)) return modeFromText(name, text);
  switch (name) {
    case "port":
    case "users":
    case "seed": {
      const value = Number(text);
      if (!Number.isInteger(value) || value < 0) throw new BadInput(`--${name} must be a whole number.`);
      return value;
    }
    case "population":
      if (text !== "odd" && text !== "plain") throw new BadInput("--population may be odd or plain.");
      return text;
    case "host":
    case "clientId":
    case "clientSecret":
      return text;
    case "faults":
      return [JSON.parse(/^\s*[[{]/.test(text) ? text : readFileSync(text, "utf8"))].flat();
    default:
      throw new BadInput(`There is no option --${name}; see --help.`);
  }
}

function splitOnce(argument: string): readonly [string, string | undefined] {
  const at = argument.indexOf("=");
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}
