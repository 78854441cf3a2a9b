import type { ExplicitUser, JsonObject, SiteRole } from "./ironclad-user.ts";
import { accountOf, firstAccountId, membershipsOf, type Shape, siteSequence } from "./memberships-of.ts";
import { listSequence, residueSequence, type Sequence } from "./residue-sequence.ts";
import { firstUserId, isPending, type PopulationKind, plainUserText, type TimeZoneForm, userAt } from "./user-at.ts";

/** Where the untouched users come from. Users are known by their index; what a test changed lies over it in the roster. */
export type PopulationSource = {
  readonly kind: PopulationKind | "explicit";
  readonly count: number;
  readonly user: (index: number) => JsonObject;
  /** `JSON.stringify(user(index))`. */
  readonly userText: (index: number) => string;
  readonly accountOf: (index: number) => number;
  readonly rolesOf: (index: number) => readonly SiteRole[];
  readonly indexOfId: (id: string) => number | undefined;
  readonly accountSequence: (account: number) => Sequence;
  readonly activeSequence: (account: number) => Sequence;
  readonly siteSequence: (site: number) => Sequence;
};

/** Users computed from (seed, index) when asked for: any size costs the same memory. */
export function generatedSource(
  kind: PopulationKind,
  seed: number,
  count: number,
  shape: Shape,
  timeZones: TimeZoneForm,
): PopulationSource {
  const user = (index: number) => userAt(kind, seed, index, timeZones) as JsonObject;
  const sequence = (account: number, shows: (remainder: number) => boolean) =>
    residueSequence(
      count,
      20 * shape.accounts,
      (remainder) => firstAccountId + accountOf(shape, remainder) === account && shows(remainder),
    );
  return {
    kind,
    count,
    user,
    userText: (index) =>
      kind === "plain" ? plainUserText(seed, index, timeZones) : JSON.stringify(userAt(kind, seed, index, timeZones)),
    accountOf: (index) => firstAccountId + accountOf(shape, index),
    rolesOf: (index) => membershipsOf(shape, index),
    indexOfId: (id) => {
      const index = Number(id) - firstUserId;
      return Number.isInteger(index) && index >= 0 && index < count ? index : undefined;
    },
    accountSequence: (account) => sequence(account, () => true),
    activeSequence: (account) => sequence(account, (remainder) => !isPending(remainder)),
    siteSequence: (site) => siteSequence(shape, count, site),
  };
}

/** Users given in full, answered exactly as they are. */
export function explicitSource(users: readonly ExplicitUser[]): PopulationSource {
  const where = (keep: (entry: ExplicitUser) => boolean) =>
    listSequence(users.flatMap((entry, index) => (keep(entry) ? [index] : [])));
  return {
    kind: "explicit",
    count: users.length,
    user: (index) => users[index]?.user ?? {},
    userText: (index) => JSON.stringify(users[index]?.user ?? {}),
    accountOf: (index) => users[index]?.account ?? firstAccountId,
    rolesOf: (index) => users[index]?.memberships ?? [],
    indexOfId: (id) => {
      const index = users.findIndex(({ user }) => String(user.id) === id);
      return index < 0 ? undefined : index;
    },
    accountSequence: (account) => where((entry) => (entry.account ?? firstAccountId) === account),
    activeSequence: (account) =>
      where((entry) => (entry.account ?? firstAccountId) === account && entry.user.verified !== false),
    siteSequence: (site) => where(({ memberships }) => memberships?.some((role) => role.site === site) ?? false),
  };
}
