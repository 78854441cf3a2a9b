import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");

/** This program, as its package says. */
export const programVersion = (JSON.parse(text) as { readonly version: string }).version;
