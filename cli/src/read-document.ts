import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { wrongUse } from "./wrong-use.ts";

/** All of a file, or of the standard input when the name is `-`. Throws ProductError `cli.wrong_use`. */
export async function readInput(file: string, input: NodeJS.ReadableStream): Promise<string> {
  if (file === "-") return await text(input);
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw wrongUse(`The file ${file} cannot be read (${code}).`);
  }
}

/** A JSON object from a file or, as `-`, from the standard input. Throws ProductError `cli.wrong_use`. */
export async function readDocument(
  file: string,
  input: NodeJS.ReadableStream,
): Promise<Readonly<Record<string, unknown>>> {
  const value = parse(await readInput(file, input));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongUse(`${file === "-" ? "The standard input" : file} does not hold a JSON object.`);
  }
  return { ...value };
}

// What is wrong with it is not told: the message of the parser repeats what it read, and that may be a secret.
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
