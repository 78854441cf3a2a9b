import type { Role, SiteRole } from "./ironclad-user.ts";
import { residueSequence, type Sequence } from "./residue-sequence.ts";

/** How many accounts and live sites the generated users are spread over. */
export type Shape = { readonly accounts: number; readonly sites: number };

export const firstAccountId = 501;
export const firstSiteId = 11;

/**
 * The roles of the generated user at an index, lowest site first. Users go round the accounts, and inside an account
 * round its sites; of every twenty, one has no role anywhere, one is admin of a second site, one is member of a
 * second site, one is member of a third. The first user of each site is its owner.
 */
export function membershipsOf(shape: Shape, index: number): readonly SiteRole[] {
  const sites = sitesOfAccount(shape, accountOf(shape, index));
  if (sites.length === 0) return [];
  const turn = Math.floor(index / shape.accounts);
  return sites
    .map((site, ordinal) => ({ site, role: roleAt(turn, ordinal, sites.length) }))
    .filter((role): role is { site: number; role: Role } => role.role !== undefined);
}

/** The account (counted from 0) that a generated user belongs to. */
export function accountOf(shape: Shape, index: number): number {
  return index % shape.accounts;
}

/** The account (counted from 0) that a site belongs to. */
export function accountOfSite(shape: Shape, site: number): number {
  return (site - firstSiteId) % shape.accounts;
}

/** The generated users with a role in a site, as a sequence over [0, limit). */
export function siteSequence(shape: Shape, limit: number, site: number): Sequence {
  const account = accountOfSite(shape, site);
  const sites = sitesOfAccount(shape, account);
  const ordinal = sites.indexOf(site);
  return residueSequence(limit, patternLength * shape.accounts * Math.max(sites.length, 1), (remainder) => {
    if (accountOf(shape, remainder) !== account || ordinal < 0) return false;
    return roleAt(Math.floor(remainder / shape.accounts), ordinal, sites.length) !== undefined;
  });
}

function sitesOfAccount(shape: Shape, account: number): readonly number[] {
  const all = Array.from({ length: shape.sites }, (_, ordinal) => firstSiteId + ordinal);
  return all.filter((site) => accountOfSite(shape, site) === account);
}

const patternLength = 20;

/** Whether there is a role depends on `turn` only by its remainder by 20 × sites: siteSequence relies on that. */
function roleAt(turn: number, ordinal: number, siteCount: number): Role | undefined {
  const kind = turn % patternLength;
  const distance = (ordinal - (turn % siteCount) + siteCount) % siteCount;
  if (kind === 19) return undefined;
  if (distance === 0) return turn < siteCount ? "owner" : kind === 1 || kind === 2 ? "admin" : "member";
  if (distance === 1 && kind === 3) return "admin";
  if (distance === 1 && kind === 4) return "member";
  if (distance === 2 && kind === 5) return "member";
  return undefined;
}
