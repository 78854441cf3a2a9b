import type { FaultRule } from "../faults/fault-schedule.ts";
import { BadInput } from "../http/bad-input.ts";
import type { Counters, RequestLogEntry } from "../http/traffic.ts";
import type { ExplicitUser, JsonObject } from "../population/ironclad-user.ts";
import { type PopulationKind, userAt } from "../population/user-at.ts";
import { type Credentials, type IroncladState, type PopulationOptions, sourceOf } from "./ironclad-state.ts";
import { type IroncladModes, readModes } from "./modes.ts";
import { type Removal, removeUsers } from "./remove-users.ts";
import { accountIds, siteIds } from "./sites.ts";

type UserId = number | string;

export type SandboxState = {
  readonly clientId: string;
  readonly population: { readonly kind: PopulationKind | "explicit"; readonly seed: number; readonly users: number };
  readonly accounts: readonly number[];
  readonly sites: readonly number[];
  readonly modes: IroncladModes;
  readonly faults: readonly (FaultRule & { readonly hits: number })[];
  readonly counters: Counters;
};

/** Everything that can be done to a running sandbox, in the same process or over `/_sandbox/*`. */
export type IroncladControl = {
  readonly state: () => SandboxState;
  readonly requests: () => readonly RequestLogEntry[];
  readonly counters: () => Counters;
  /** Empties counters, log and rate-limit windows. */
  readonly resetCounters: () => void;
  /** The users as they are now, in order of index: what a complete listing of all accounts has to contain. */
  readonly users: (range?: { readonly offset?: number; readonly limit?: number }) => readonly JsonObject[];
  readonly userCount: () => number;
  /** Adds so many generated users, or these ones (an absent id is given). Answers the ids. */
  readonly addUsers: (users: number | readonly ExplicitUser[]) => readonly unknown[];
  readonly changeUser: (
    id: UserId,
    change: { readonly set?: JsonObject; readonly unset?: readonly string[] },
  ) => JsonObject;
  readonly removeUsers: (removal: Removal) => readonly unknown[];
  /** Brings removed users back, all of them when no ids are given. Answers the ids. */
  readonly restoreUsers: (ids?: readonly UserId[]) => readonly unknown[];
  /** A role in a site; undefined takes it away. */
  readonly setMembership: (site: number, user: UserId, role: string | undefined) => void;
  readonly setModes: (modes: Partial<IroncladModes>) => void;
  readonly addFaults: (rules: readonly FaultRule[]) => void;
  readonly clearFaults: () => void;
  /** Another population; what was added, changed and removed is forgotten. */
  readonly setPopulation: (population: PopulationOptions) => void;
  readonly revokeTokens: () => void;
  readonly setCredentials: (credentials: Credentials) => void;
};

export function createIroncladControl(state: IroncladState): IroncladControl {
  const { roster } = state;
  const present = (id: UserId) => {
    const index = roster.find(String(id));
    if (index === undefined) throw new BadInput(`There is no user ${id}.`);
    return index;
  };
  return {
    state: () => ({
      clientId: state.credentials.clientId,
      population: {
        kind: roster.source().kind,
        seed: state.population.seed,
        users: roster.view({ kind: "everybody" }).length,
      },
      accounts: accountIds(state.modes),
      sites: siteIds(state.modes),
      modes: state.modes,
      faults: state.faults.list(),
      counters: state.traffic.counters(),
    }),
    requests: state.traffic.log,
    counters: state.traffic.counters,
    resetCounters: () => {
      state.traffic.reset();
      state.limiter.reset();
    },
    users: ({ offset = 0, limit = Number.POSITIVE_INFINITY } = {}) => {
      const view = roster.view({ kind: "everybody" });
      const length = Math.max(0, Math.min(limit, view.length - offset));
      return Array.from({ length }, (_, k) => roster.user(view.nth(offset + k)));
    },
    userCount: () => roster.view({ kind: "everybody" }).length,
    addUsers: (users) => {
      const entries =
        typeof users === "number" ? generatedUsers(state, users) : users.map((entry) => withId(state, entry));
      for (const entry of entries) roster.add(entry);
      return entries.map(({ user }) => user.id);
    },
    changeUser: (id, { set = {}, unset = [] }) => {
      const index = present(id);
      roster.change(index, set, unset);
      return roster.user(index);
    },
    removeUsers: (removal) => removeUsers(roster, removal),
    restoreUsers: (ids) => {
      const indexes = ids?.map((id) => {
        const index = roster.findRemoved(String(id));
        if (index === undefined) throw new BadInput(`There is no removed user ${id}.`);
        return index;
      });
      const restored = indexes ?? roster.removedIndexes();
      roster.restore(restored);
      return restored.map((index) => roster.user(index).id);
    },
    setMembership: (site, user, role) => roster.setRole(present(user), site, role),
    setModes: (modes) => {
      state.modes = { ...state.modes, ...readModes(modes) };
      if (reshapes(modes)) roster.setSource(sourceOf(state.population, state.modes), "keep");
    },
    addFaults: state.faults.add,
    clearFaults: state.faults.clear,
    setPopulation: (population) => {
      state.population = { ...state.population, ...population };
      state.membershipSettings.clear();
      roster.setSource(sourceOf(state.population, state.modes), "clear");
    },
    revokeTokens: state.tokens.revokeAll,
    setCredentials: (credentials) => {
      state.credentials = credentials;
      state.tokens.revokeAll();
    },
  };
}

function reshapes(modes: Partial<IroncladModes>): boolean {
  return modes.accounts !== undefined || modes.sites !== undefined || modes.timeZones !== undefined;
}

/** New users of the same kind, each a member of the first site. Over an explicit population their ids start far away. */
function generatedUsers(state: IroncladState, count: number): readonly ExplicitUser[] {
  const { roster, population, modes } = state;
  const start = roster.nextIndex() + (typeof population.users === "number" ? 0 : 2_000_000);
  const [site] = siteIds(modes);
  return Array.from({ length: count }, (_, k) => ({
    user: userAt(population.population, population.seed, start + k, modes.timeZones) as JsonObject,
    memberships: site === undefined ? [] : [{ site, role: "member" }],
  }));
}

function withId(state: IroncladState, entry: ExplicitUser): ExplicitUser {
  if (entry.user.id !== undefined) return entry;
  const id = 5_000_000 + state.roster.nextIndex();
  return { ...entry, user: { id, ...entry.user } };
}
