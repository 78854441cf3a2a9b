/** Words that begin a family name instead of ending a given name; compared in lower case. */
const particles = new Set(
  "al bin bint da de del della den der di dos du el ibn la le st. ten ter van vande vander vom von zu zum zur".split(
    " ",
  ),
);

/** Words after a name that are no name; compared in lower case without full stops. */
const suffixes = new Set(["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"]);

export type NameParts = { readonly first: string | null; readonly last: string | null };

/**
 * Splits a full name at white space. `Family, Given` is turned round. Otherwise the family name is the last word with
 * the particles before it (`van Beethoven`) and a suffix after it (`Smith Jr.`); all before are given names. A single
 * word, such as a name written without spaces, is a given name. No word is lost or changed.
 */
export function splitPersonName(fullName: string): NameParts {
  const comma = fullName.indexOf(",");
  if (comma >= 0) {
    const before = wordsOf(fullName.slice(0, comma));
    const after = wordsOf(fullName.slice(comma + 1));
    if (!after.every(isSuffix)) return { first: joined(after), last: joined(before) };
  }
  const words = wordsOf(fullName);
  let start = words.length - 1;
  while (start > 1 && isSuffix(words[start])) start--;
  while (start > 1 && particles.has((words[start - 1] ?? "").toLowerCase())) start--;
  return start < 1
    ? { first: joined(words), last: null }
    : { first: joined(words.slice(0, start)), last: joined(words.slice(start)) };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== "");
}

function joined(words: readonly string[]): string | null {
  return words.length === 0 ? null : words.join(" ");
}

function isSuffix(word: string | undefined): boolean {
  return word !== undefined && suffixes.has(word.replaceAll(".", "").toLowerCase());
}
