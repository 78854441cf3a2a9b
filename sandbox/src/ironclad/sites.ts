import type { JsonObject } from "../population/ironclad-user.ts";
import { accountOfSite, firstAccountId, firstSiteId } from "../population/memberships-of.ts";
import { timeOf } from "../population/time-of.ts";
import { firstUserId } from "../population/user-at.ts";
import type { IroncladModes } from "./modes.ts";

export type SiteState = "live" | "disabled" | "deleted";

/** The ids a token can see: the live sites first, then the disabled, then the deleted ones. */
export function siteIds(modes: IroncladModes): readonly number[] {
  const count = modes.sites + modes.disabledSites + modes.deletedSites;
  const all = Array.from({ length: count }, (_, ordinal) => firstSiteId + ordinal);
  return modes.visibleSites === null ? all : all.slice(0, modes.visibleSites);
}

export function siteState(modes: IroncladModes, site: number): SiteState {
  const ordinal = site - firstSiteId;
  if (ordinal < modes.sites) return "live";
  return ordinal < modes.sites + modes.disabledSites ? "disabled" : "deleted";
}

export function accountIdOfSite(modes: IroncladModes, site: number): number {
  return firstAccountId + accountOfSite({ accounts: modes.accounts, sites: modes.sites }, site);
}

export function accountIds(modes: IroncladModes): readonly number[] {
  return Array.from({ length: modes.accounts }, (_, ordinal) => firstAccountId + ordinal);
}

/** https://clickwrap-developer.ironcladapp.com/reference/get_sites */
export function siteObject(modes: IroncladModes, site: number): JsonObject {
  const state = siteState(modes, site);
  const created = timeOf(1, site, 21).replace("Z", "+00:00");
  return {
    id: site,
    account: accountIdOfSite(modes, site),
    name: `Site ${site - firstSiteId + 1}`,
    key: `site-${site}`,
    access_id: `5e1f0a2c-0000-4000-8000-${String(site).padStart(12, "0")}`,
    primary: site === firstSiteId,
    sandbox: false,
    disabled: state === "disabled",
    deleted: state === "deleted",
    deleted_by: state === "deleted" ? firstUserId : null,
    deleted_time: state === "deleted" ? created : null,
    locale: "en-US",
    time_zone: "America/New_York",
    verified: true,
    verified_time: created,
    created_by: firstUserId,
    updated_by: firstUserId,
    created_time: created,
    updated_time: created,
    adoption_level: "live",
  };
}

/** https://clickwrap-developer.ironcladapp.com/reference/update-your-account-details-1 */
export function accountObject(account: number): JsonObject {
  return {
    id: account,
    name: `Account ${account - firstAccountId + 1}`,
    key: `account-${account}`,
    created_by: firstUserId,
    updated_by: firstUserId,
    subscription: { plan: "enterprise", active: true, status: "active" },
    limits: { users: 1_000_000, sites: 100, api_requests: 1_000_000 },
    enforce_limits: false,
    password_security: { duration: 90, reuse: 5 },
    created_time: timeOf(1, account, 22),
    updated_time: timeOf(1, account, 23),
  };
}
