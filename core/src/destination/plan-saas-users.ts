/** A user of a SaaS application as the inventory has it, with the id of the person in the instance. */
export type WantedSaasUser = {
  readonly id: string;
  readonly userId: string;
  readonly externalId: string;
  readonly role: string | null;
  readonly active: boolean;
  /** What was pushed the last time; null when nothing was. */
  readonly pushedActive: boolean | null;
  /** The id by which its state was changed the last time. */
  readonly stateId: string | null;
};

/** A user of the application as the instance lists it. */
export type AssignedUser = {
  readonly userId: string;
  /** What `activate` and `deactivate` are given: its own id when the list tells one, else the person's. */
  readonly stateId: string;
  readonly externalId: string | null;
  readonly roles: readonly string[];
};

export type SaasPlan = {
  readonly assign: readonly WantedSaasUser[];
  readonly externalIds: readonly WantedSaasUser[];
  /** Each group has one set of roles; an empty one takes all roles away. */
  readonly roles: readonly { readonly roles: readonly string[]; readonly users: readonly WantedSaasUser[] }[];
  readonly activate: readonly WantedSaasUser[];
  readonly deactivate: readonly WantedSaasUser[];
};

/**
 * What has to be sent so that the application's users are as the inventory's. Nobody is assigned only to be deactivated, and of a
 * deactivated user nothing else is sent.
 */
export function planSaasUsers(
  wanted: readonly WantedSaasUser[],
  assigned: ReadonlyMap<string, AssignedUser>,
): SaasPlan {
  const active = wanted.filter((user) => user.active);
  const roleGroups = new Map<string, { roles: readonly string[]; users: WantedSaasUser[] }>();
  for (const user of active) {
    const roles = user.role === null ? [] : [user.role];
    if (isSameSet(roles, assigned.get(user.userId)?.roles ?? [])) continue;
    const group = roleGroups.get(JSON.stringify(roles)) ?? { roles, users: [] };
    roleGroups.set(JSON.stringify(roles), group);
    group.users.push(user);
  }
  return {
    // One that was deactivated may be gone from the list; it is activated, which does not need a second assignment.
    assign: active.filter((user) => !assigned.has(user.userId) && user.pushedActive !== false),
    externalIds: active.filter((user) => assigned.get(user.userId)?.externalId !== user.externalId),
    roles: [...roleGroups.values()],
    activate: active.filter((user) => user.pushedActive === false),
    deactivate: wanted.filter(
      (user) =>
        !user.active && user.pushedActive !== false && (user.pushedActive === true || assigned.has(user.userId)),
    ),
  };
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}

/** The list in pieces of at most `size`. */
export function inChunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
