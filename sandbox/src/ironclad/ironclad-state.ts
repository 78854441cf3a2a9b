import { createFaultSchedule, type FaultRule, type FaultSchedule } from "../faults/fault-schedule.ts";
import { createTraffic, type Traffic } from "../http/traffic.ts";
import type { ExplicitUser, JsonObject } from "../population/ironclad-user.ts";
import { explicitSource, generatedSource, type PopulationSource } from "../population/population-source.ts";
import { createRoster, type Roster } from "../population/roster.ts";
import type { PopulationKind } from "../population/user-at.ts";
import { defaultModes, type IroncladModes } from "./modes.ts";
import { createRateLimiter, type RateLimiter } from "./rate-limiter.ts";
import { createTokenStore, type TokenStore } from "./token-store.ts";

export type PopulationOptions = {
  /** How many generated users, or the users themselves. Default 250. */
  readonly users?: number | readonly ExplicitUser[];
  readonly population?: PopulationKind;
  readonly seed?: number;
};

export type Credentials = { readonly clientId: string; readonly clientSecret: string };

/** Everything one running sandbox knows. */
export type IroncladState = {
  modes: IroncladModes;
  credentials: Credentials;
  population: Required<PopulationOptions>;
  readonly roster: Roster;
  readonly faults: FaultSchedule;
  readonly traffic: Traffic;
  readonly tokens: TokenStore;
  readonly limiter: RateLimiter;
  /** Permissions and defaults set by PATCH, by `site/index`. */
  readonly membershipSettings: Map<string, { readonly default: boolean; readonly permissions: JsonObject }>;
  /** How often each listing was answered, for the unstable order. */
  readonly turns: Map<string, number>;
  readonly now: () => number;
};

export function createIroncladState(options: {
  readonly modes: Partial<IroncladModes>;
  readonly credentials: Credentials;
  readonly population: PopulationOptions;
  readonly faults: readonly FaultRule[];
  readonly now: () => number;
}): IroncladState {
  const modes = { ...defaultModes, ...options.modes };
  const population = { users: 250, population: "odd", seed: 1, ...options.population } as const;
  return {
    modes,
    credentials: options.credentials,
    population,
    roster: createRoster(sourceOf(population, modes)),
    faults: createFaultSchedule(options.faults),
    traffic: createTraffic(),
    tokens: createTokenStore(options.now),
    limiter: createRateLimiter(options.now),
    membershipSettings: new Map(),
    turns: new Map(),
    now: options.now,
  };
}

export function sourceOf(population: Required<PopulationOptions>, modes: IroncladModes): PopulationSource {
  if (typeof population.users !== "number") return explicitSource(population.users);
  const shape = { accounts: modes.accounts, sites: modes.sites };
  return generatedSource(population.population, population.seed, population.users, shape, modes.timeZones);
}
