/** A JSON text's value; undefined when it is none, without a word of it, since it may be a secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
