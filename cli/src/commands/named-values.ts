import { wrongUse } from "../wrong-use.ts";

/** `name=value` pairs of an option by name. Throws ProductError `cli.wrong_use`; a value is not repeated. */
export function namedValues(pairs: readonly string[], option: string): Readonly<Record<string, string>> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw wrongUse(`${option} takes name=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw wrongUse(`${option} names "${twice}" twice.`);
  return Object.fromEntries(entries);
}
