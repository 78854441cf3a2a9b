import { z } from "zod";
import { isStorableText } from "../mapping/storable-text.ts";

/** A JSON Pointer (RFC 6901): "" is the whole value, otherwise every part starts with "/" and escapes ~ as ~0 and / as ~1. */
export const pointerSchema = z
  .string()
  .max(256)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'must be a JSON Pointer such as /data or /user/id ("" is the whole value)');

/** The value at `pointer`, or undefined when any part of the way is absent. Never reads inherited properties. */
export function readPointer(value: unknown, pointer: string): unknown {
  if (pointer === "") return value;
  let here = value;
  for (const token of pointer.slice(1).split("/")) {
    if (typeof here !== "object" || here === null) return undefined;
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(here) ? !/^(?:0|[1-9]\d*)$/.test(name) : !Object.hasOwn(here, name)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return here;
}

/** A vendor's id as text: text as it is, a whole number in digits; undefined for anything that cannot be told apart safely. */
export function readKey(value: unknown): string | undefined {
  if (typeof value === "string")
    return value.trim() !== "" && value.length <= 1024 && isStorableText(value) ? value : undefined;
  // Above 2^53 JSON numbers are rounded, so two different ids would read as one.
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}
