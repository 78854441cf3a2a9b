import { BadInput } from "./http/bad-input.ts";
import { defaultOomnitzaModes, type OomnitzaModes } from "./oomnitza/oomnitza-state.ts";
import type { OomnitzaSandboxOptions } from "./start-oomnitza-sandbox.ts";

const choices: Readonly<Record<string, readonly string[]>> = {
  saasUserIds: ["user-id", "own"],
  duplicates: ["refused", "allowed"],
  assignAnswer: ["elements", "empty"],
  deactivatedUsers: ["absent", "listed"],
  bulkStart: ["at-once", "finalized"],
  bulkOutcome: ["processed", "failed"],
  bulkAbsent: ["kept", "deactivated"],
};

/** The command line after `--oomnitza`: `--port 4702 --token TEXT`, and every mode in kebab case. Throws BadInput. */
export function parseOomnitzaArguments(argv: readonly string[]): OomnitzaSandboxOptions & { readonly json: boolean } {
  const modes: Record<string, unknown> = {};
  let port = 4702;
  let token: string | undefined;
  let json = false;
  const given = argv.flatMap((argument) => argument.split(/=(.*)/s, 2)).filter((part) => part !== "--oomnitza");
  for (let at = 0; at < given.length; at++) {
    const flag = given[at] ?? "";
    if (flag === "--json") {
      json = true;
      continue;
    }
    const value = given[++at];
    if (!flag.startsWith("--") || value === undefined) throw new BadInput(`${flag} needs a value.`);
    const name = flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (name === "port") port = wholeNumber(flag, value);
    else if (name === "token") token = value;
    else if (Object.hasOwn(defaultOomnitzaModes, name)) modes[name] = modeValue(flag, name, value);
    else throw new BadInput(`There is no option ${flag}. Modes: ${Object.keys(defaultOomnitzaModes).join(", ")}.`);
  }
  return {
    json,
    port,
    modes: modes as Partial<OomnitzaModes>,
    ...(token === undefined ? {} : { credentials: { token } }),
  };
}

function modeValue(flag: string, name: string, value: string): string | number {
  const allowed = choices[name];
  if (allowed === undefined) return wholeNumber(flag, value);
  if (!allowed.includes(value)) throw new BadInput(`${flag} may be ${allowed.join(" or ")}.`);
  return value;
}

function wholeNumber(flag: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new BadInput(`${flag} must be a whole number.`);
  return Number(value);
}
