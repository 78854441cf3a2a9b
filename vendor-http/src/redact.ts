const MARK = "[redacted]";

// What a shorter secret would take out of a text is mostly not the secret.
const SHORTEST_SECRET = 4;

const secretName = /authorization|cookie|token|secret|key|password|passwd|credential|signature|session/i;

/**
 * The text without the given secrets, also where they appear encoded (URL, form, JSON, base64), and without what looks like a
 * credential by its surroundings (`Bearer …`, `token=…`). Redact before cutting a text: half a secret is not found.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  const spellings = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(spellingsOf))];
  spellings.sort((a, b) => b.length - a.length); // a secret may contain another one
  const known = spellings.reduce((rest, spelling) => rest.replaceAll(spelling, MARK), text);
  return known
    .replace(/\b(bearer|basic)\s+[\w\-.~+/=]{8,}/gi, `$1 ${MARK}`)
    .replace(
      /\b([\w-]*(?:token|secret|password|api[_-]?key))(["']?\s*[=:]\s*["']?)(?!\[redacted\])[^\s"'&,;}]+/gi,
      `$1$2${MARK}`,
    )
    .replace(/\/\/[^\s/@]+@/g, `//${MARK}@`);
}

/** Headers fit for a log: the value of every header that by its name may carry a credential is replaced. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretName.test(name) ? MARK : redactText(value, [])]),
  );
}

/** The values of headers that by their name may carry a credential, to be redacted wherever else they appear. */
export function secretsInHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    secretName.test(name) ? [value, ...value.split(" ")] : [],
  );
}

/** An address fit for a log: no user name, no password, no fragment, and only the names of the query's parameters. */
export function redactUrl(address: string | URL): string {
  const url = URL.parse(String(address));
  if (url === null) return "[not a URL]";
  const query = [...new Set(url.searchParams.keys())].map((name) => `${encodeURIComponent(name)}=${MARK}`).join("&");
  return `${url.protocol}//${url.host}${url.pathname}${query === "" ? "" : `?${query}`}`;
}

/** What may be said about a body that was not what we expected: never any of its text. */
export type BodyFacts = {
  readonly contentType: string | null;
  readonly length: number;
  readonly startsWith: "nothing" | "markup" | "object" | "array" | "string" | "number" | "text" | "binary";
};

export function bodyFacts(body: Uint8Array, contentType: string | undefined): BodyFacts {
  // Only the media type, and only if it is one (RFC 9110 §8.3.1): parameters are free text.
  const mediaType = /^\s*([\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64})\s*(?:;|$)/.exec(contentType ?? "")?.[1] ?? null;
  return { contentType: mediaType, length: body.length, startsWith: classOfFirst(body) };
}

function classOfFirst(body: Uint8Array): BodyFacts["startsWith"] {
  const first = new TextDecoder().decode(body.subarray(0, 64)).trimStart().charAt(0);
  if (first === "") return "nothing";
  if (first === "<") return "markup";
  if (first === "{") return "object";
  if (first === "[") return "array";
  if (first === '"') return "string";
  if (/[-\d]/.test(first)) return "number";
  return /[\p{L}\p{P}\p{S}]/u.test(first) && first !== "\ufffd" ? "text" : "binary";
}

function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64"),
    bytes.toString("base64url"),
  ];
}
