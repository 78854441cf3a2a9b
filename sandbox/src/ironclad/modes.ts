import { BadInput, readObject } from "../http/bad-input.ts";

/**
 * Every point the vendor's documentation leaves open (U1–U22, listed in the README), as an option. The first choice,
 * or the value given, is the default: the most probable reading.
 */
const choices = {
  /** U1: which body encodings the token call accepts. */
  tokenEncoding: ["any", "form", "json"],
  /** U1: where the client id and secret may stand. */
  clientAuth: ["any", "body", "basic"],
  grantType: ["required", "optional"],
  /** U4 */
  badCredential: ["401-envelope", "401-rfc6749", "400-rfc6749"],
  /** U6: whether the calls whose paths are only inferred exist. */
  inferredCalls: ["available", "absent"],
  /** U7: `per_page` beyond `maxPageSize`. */
  overPageSize: ["clamp", "400", "honour"],
  /** `page` or `per_page` that is no positive integer. */
  badPaging: ["default", "400"],
  /** U8 */
  pastEnd: ["empty", "404", "repeat-last"],
  /** U8: `unstable` rotates the rows by one with every request of the listing. */
  defaultOrder: ["id", "id-descending", "shuffled", "unstable"],
  /** U9: `minus` is `field` and `-field`, `colon` is `field:desc`; anything else is a 400. */
  sortSyntax: ["minus", "colon", "ignored", "refused"],
  /** U10: what `no_count=true` does to `total_count`. */
  noCount: ["omit", "null", "ignored"],
  /** U12: `id` answers the user's number unless `expand=user`. */
  membershipUser: ["object", "id"],
  /** U14: invited people who have not accepted. */
  pendingUsers: ["listed", "absent"],
  /** U14: whether the account's list still shows removed people (their memberships are gone either way). */
  removedUsers: ["absent", "listed"],
  /** U15: bodies of 400, 401, 403, 404, 405 and 429. */
  errorBody: ["envelope", "rfc6749", "html", "text", "empty"],
  /** U18: `forbidden` is a token of a member: no list of all users, no role changes. */
  membersRole: ["allowed", "forbidden"],
  /** U21: both forms mixed, or one. */
  timeZones: ["both", "abbreviation", "iana"],
  /** Form of the header on a 429. */
  retryAfter: ["seconds", "date", "absent"],
} as const;

const flags = {
  /** U2: the token answer also has a refresh token (which no call accepts). */
  refreshToken: false,
  /** U2: the answer says `expires_in` (only when `tokenLifetime` is set). */
  expiresIn: true,
  /** U3 */
  revokeOnMint: true,
  /** U11 */
  permissions: false,
  /** U17: the token call draws from the 60 a minute of its address. */
  tokenBucket: true,
  /** A request with an unknown token draws from the 60 a minute of its address, as one without any does. */
  invalidTokenBucket: false,
  rateLimits: true,
  /** U19: undocumented `status` and `last_login_time` on every user. */
  extraUserFields: false,
};

const numbers = {
  /** U5; users go round the accounts. */
  accounts: 1,
  /** U5; live sites, which go round the accounts too. */
  sites: 2,
  deletedSites: 0,
  disabledSites: 0,
  defaultPageSize: 25,
  /** U7 */
  maxPageSize: 100,
  authenticatedLimit: 2000,
  unauthenticatedLimit: 60,
  rateWindowMs: 60_000,
  /** Every answer waits so long; token answers wait the other. */
  latencyMs: 0,
  tokenLatencyMs: 5,
};

const optionalNumbers: OptionalNumbers = {
  /** U2: seconds; null for ever. */
  tokenLifetime: null,
  /** A token sees only its user's sites: the first so many are listed, the others are 404. */
  visibleSites: null,
};

const texts: Texts = {
  tokenType: "Bearer",
  /** U16; null leaves `code` out. */
  rateLimitCode: "placeholder_rate_limit",
  /** U20: a path in front of everything, such as `/eu`. */
  basePath: "",
  /** U22; null sends none. */
  requestIdHeader: "x-request-id",
};

type OptionalNumbers = Readonly<Record<"tokenLifetime" | "visibleSites", number | null>>;
type Texts = Readonly<Record<"tokenType" | "rateLimitCode" | "basePath" | "requestIdHeader", string | null>>;

export type IroncladModes = { readonly [K in keyof typeof choices]: (typeof choices)[K][number] } & {
  readonly [K in keyof typeof flags]: boolean;
} & { readonly [K in keyof typeof numbers]: number } & OptionalNumbers &
  Texts;

export const defaultModes: IroncladModes = {
  ...(Object.fromEntries(Object.entries(choices).map(([name, values]) => [name, values[0]])) as {
    [K in keyof typeof choices]: (typeof choices)[K][number];
  }),
  ...flags,
  ...numbers,
  ...optionalNumbers,
  ...texts,
};

/** What a mode may be set to, in words; undefined when there is no such mode. */
export function allowedValues(name: string): string | undefined {
  if (Object.hasOwn(choices, name)) return choices[name as keyof typeof choices].join(", ");
  if (Object.hasOwn(flags, name)) return "true, false";
  if (Object.hasOwn(numbers, name)) return "a number of at least 0";
  if (Object.hasOwn(optionalNumbers, name)) return "a number of at least 0, null";
  if (Object.hasOwn(texts, name)) return "a text, null";
  return undefined;
}

/** Checks modes that came from outside. Throws BadInput naming the mode and what it may be. */
export function readModes(value: unknown): Partial<IroncladModes> {
  const modes = readObject(value, "the modes");
  for (const [name, setting] of Object.entries(modes)) {
    const allowed = allowedValues(name);
    if (allowed === undefined) {
      throw new BadInput(`There is no mode \`${name}\`. Known: ${Object.keys(defaultModes).join(", ")}.`);
    }
    if (!isAllowed(name, setting)) {
      throw new BadInput(`Mode \`${name}\` cannot be ${JSON.stringify(setting)}; it may be: ${allowed}.`);
    }
  }
  if (modes.accounts !== undefined && ![1, 2].includes(modes.accounts as number)) {
    throw new BadInput("Mode `accounts` may be 1 or 2.");
  }
  return modes as Partial<IroncladModes>;
}

/** A mode written as text, as on the command line. */
export function modeFromText(name: string, text: string): unknown {
  if (text === "null") return null;
  if (Object.hasOwn(flags, name)) return text === "true" ? true : text === "false" ? false : text;
  if (Object.hasOwn(numbers, name) || Object.hasOwn(optionalNumbers, name)) return Number(text);
  return text;
}

function isAllowed(name: string, value: unknown): boolean {
  if (Object.hasOwn(choices, name)) return choices[name as keyof typeof choices].some((choice) => choice === value);
  if (Object.hasOwn(flags, name)) return typeof value === "boolean";
  const isNumber = typeof value === "number" && value >= 0;
  if (Object.hasOwn(numbers, name)) return isNumber;
  if (Object.hasOwn(optionalNumbers, name)) return isNumber || value === null;
  return typeof value === "string" || value === null;
}
