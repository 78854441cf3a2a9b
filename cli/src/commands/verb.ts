import { type Command, InvalidArgumentError, Option } from "commander";

/** A verb of a noun (or of the program): a command that prints for people, or JSON with --json. */
export function verb(noun: Command, usage: string, description: string): Command {
  return noun.command(usage).description(description).option("--json", "print JSON");
}

/** `--name value` as often as one likes; the values become a list. */
export function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] = []) => [
    ...before,
    value,
  ]);
}

export function oneOf(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}

/** For options that take a whole number. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
