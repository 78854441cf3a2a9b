import { wrongUse } from "../wrong-use.ts";

/** A path with what somebody typed in it, as one segment each: apiPath`/runs/${id}/changes`. */
export function apiPath(texts: TemplateStringsArray, ...typed: readonly string[]): string {
  return texts.reduce((path, text, index) => `${path}${segment(typed[index - 1] ?? "")}${text}`);
}

function segment(typed: string): string {
  // URLs resolve dots, however they are encoded, so that the call would go somewhere else.
  if (typed === "" || typed === "." || typed === "..") throw wrongUse(`"${typed}" is no id.`);
  return encodeURIComponent(typed);
}
