/** The longest text `matches` looks at, and the longest pattern: bounds the work for one value. */
const matchTextLimit = 10_000;
export const matchPatternLimit = 256;

/**
 * Whether the whole text fits a pattern in which `*` is any text (also none) and `?` any one character (code point).
 * No other character is special. There is no regular expression behind it and no exponential case: the work is at
 * most text × pattern, since only the last `*` is ever tried again. Text beyond 10,000 characters never matches.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  if (text.length > matchTextLimit) return false;
  const characters = [...text];
  const wanted = [...pattern];
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    const character = wanted[next];
    if (character === "*") {
      star = next++;
      starAt = at;
    } else if (character === "?" || character === characters[at]) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (wanted[next] === "*") next++;
  return next === wanted.length;
}

/** For comparing as people do: without regard to case, spaces around, and how accents are encoded. */
export function foldText(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}
