import type { FieldPolicy } from "../mapping/mapping-schema.ts";
import { comparable } from "./comparable.ts";
import { correlate, type PeopleByValue } from "./correlate.ts";
import { diffValues } from "./diff-values.ts";
import { findTakenValues } from "./find-taken-values.ts";
import { guardPlan } from "./guard-plan.ts";
import type {
  DisputeAnswer,
  KnownLink,
  KnownPerson,
  KnownSaasUser,
  LeftAlone,
  Plan,
  PlannedChange,
  PlanPolicy,
  SeenRecord,
  WithheldReason,
} from "./plan.ts";

export type ReconciliationInput = {
  readonly links: readonly KnownLink[];
  readonly people: readonly KnownPerson[];
  readonly saasUsers: readonly KnownSaasUser[];
  readonly seen: readonly SeenRecord[];
  readonly answers: readonly DisputeAnswer[];
  readonly policy: PlanPolicy;
};

/**
 * The plan of a run over arrays: the obviously right reference that the database's set-based plan is held against.
 * Pure: no clock, no randomness; the order of the inputs does not matter.
 */
export function planReconciliation(input: ReconciliationInput): Plan {
  const { policy } = input;
  const known = indexKnown(input);
  const left = { disputed: new Map<string, LeftAlone>(), skipped: new Map<string, LeftAlone>() };
  const changes = new Map<string, PlannedChange>();
  const counts = { rejected: 0, skippedByFilter: 0, seenKeys: 0, withheldWithoutChange: 0 };

  const groups = Map.groupBy(input.seen, (record) => record.key);
  counts.seenKeys = groups.size;
  const mapped: SeenRecord[] = [];
  for (const [key, records] of groups) {
    const [first] = records;
    if (!first) continue;
    if (records.some((other) => other.outcome !== first.outcome || other.contentHash !== first.contentHash)) {
      left.disputed.set(key, { key, code: "identity.duplicate_key", candidates: [] });
    } else if (first.outcome === "mapped") mapped.push(first);
    else if (first.outcome === "filtered") counts.skippedByFilter++;
    else counts.rejected++;
  }

  for (const key of keysSharingAUniqueValue(mapped, policy)) {
    left.disputed.set(key, { key, code: "identity.duplicate_value", candidates: [] });
  }

  const recordsByPerson = new Map(
    mapped.flatMap((record) => {
      const link = known.links.get(record.key);
      return link ? [[link.personId, record] as const] : [];
    }),
  );
  const unlinked: SeenRecord[] = [];
  for (const record of mapped) {
    if (left.disputed.has(record.key)) continue;
    const link = known.links.get(record.key);
    if (!link) unlinked.push(record);
    else planLinked(record, link);
  }
  planUnlinked(unlinked);

  for (const conflict of findTakenValues([...changes.values()], input.people, policy.uniqueFields)) {
    changes.delete(conflict.key);
    left.disputed.set(conflict.key, { key: conflict.key, code: "identity.value_taken", candidates: [conflict.holder] });
  }

  if (policy.deactivate && policy.preference !== "create-only" && policy.judgesAbsence) {
    for (const link of input.links) if (link.active && !groups.has(link.key)) planMissing(link);
  }

  const knownActive = input.links.filter((link) => link.active).length;
  const deactivations = [...changes.values()].filter((change) => change.kind === "deactivate" && !change.withheld);
  const guardReasons = guardPlan(policy.guard, knownActive, deactivations.length);
  if (guardReasons.length > 0) {
    for (const change of deactivations) changes.set(change.key, { ...change, withheld: "guard" });
  }

  const all = [...changes.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
  const count = (kind: (change: PlannedChange) => boolean) => all.filter(kind).length;
  const missingChanges = count((change) => !groups.has(change.key));
  return {
    changes: all,
    disputed: [...left.disputed.values()],
    skipped: [...left.skipped.values()],
    guardReasons,
    counts: {
      created: count((change) => change.kind === "create"),
      updated: count((change) => change.kind === "update" || change.kind === "restore"),
      reactivated: count((change) => change.kind === "reactivate"),
      deactivated: count((change) => change.kind === "deactivate" && !change.withheld),
      withheld: count((change) => change.withheld !== null) + counts.withheldWithoutChange,
      disputed: left.disputed.size,
      skippedByPreference: left.skipped.size,
      skippedByFilter: counts.skippedByFilter,
      rejected: counts.rejected,
      unchanged:
        counts.seenKeys -
        (all.length - missingChanges) -
        left.disputed.size -
        left.skipped.size -
        counts.skippedByFilter -
        counts.rejected,
    },
  };

  function planLinked(record: SeenRecord, link: KnownLink) {
    const person = known.people.get(link.personId);
    if (!person) throw new Error(`link ${link.key} names a person that is not known`);
    if (person.archivedBy === "person" && !policy.restoreArchived) {
      left.skipped.set(record.key, { key: record.key, code: "archived.not_restored", candidates: [person.id] });
      return;
    }
    const writes = policy.preference !== "create-only";
    const saasUser = link.saasUserId === null ? undefined : known.saasUsers.get(link.saasUserId);
    const saasCreated = writes && policy.mode === "user-plus-saas" && !saasUser;
    // An unchanged record says nothing new: what somebody else wrote meanwhile stays until the vendor's value changes.
    const compares = link.contentHash !== record.contentHash;
    const personDiff = compares ? diffValues(person.document, record.person, personPolicy, person.manualFields) : {};
    const saasDiff = saasDifference(compares, record, saasUser);
    const differs = Object.keys(personDiff).length > 0 || Object.keys(saasDiff).length > 0;
    if (differs && !writes) {
      left.skipped.set(record.key, { key: record.key, code: "preference.create_only", candidates: [person.id] });
      return;
    }
    const judges = writes && policy.deactivate;
    const gone = judges && record.activity === "inactive" && link.active;
    const back = judges && record.activity !== "inactive" && !link.active;
    const restored = writes && person.archivedBy !== null;

    const personStatus = gone
      ? statusOfLeaver(person)
      : back && person.status === "inactive" && person.statusBy === "run"
        ? "active"
        : null;
    const saasStatus = gone ? saasStatusOfLeaver(saasUser) : backStatus(back, saasUser);
    const flips = back && (personStatus !== null || saasStatus !== null);
    if (!differs && !saasCreated && !gone && !back && !restored) return;

    changes.set(record.key, {
      key: record.key,
      kind: gone ? "deactivate" : flips ? "reactivate" : restored ? "restore" : "update",
      personId: person.id,
      person: personDiff,
      personStatus,
      saas: saasCreated ? record.saas : saasDiff,
      saasCreated,
      saasStatus: saasCreated
        ? policy.deactivate && record.activity === "inactive"
          ? "deactivated"
          : "active"
        : saasStatus,
      linkCreated: false,
      linkActive: gone ? false : back ? true : link.active,
      reason: gone ? "inactive at source" : back ? "back" : null,
      withheld: gone ? withheldReason(person) : null,
    });
  }

  function planUnlinked(records: readonly SeenRecord[]) {
    const claims = new Map<string, string[]>();
    const matches: [SeenRecord, string | null][] = [];
    for (const record of records) {
      const answer = known.answers.get(record.key);
      if (answer?.answer === "ignore") {
        left.skipped.set(record.key, { key: record.key, code: "identity.ignored", candidates: [] });
        continue;
      }
      const candidates = correlate(record, known.peopleBySyncKey, answer, (personId) => recordsByPerson.get(personId));
      if (candidates.length > 1) {
        left.disputed.set(record.key, { key: record.key, code: "identity.several_people", candidates });
        continue;
      }
      const [personId = null] = candidates;
      if (personId !== null && known.linkedPeople.has(personId)) {
        left.disputed.set(record.key, { key: record.key, code: "identity.person_already_linked", candidates });
        continue;
      }
      if (personId !== null) claims.set(personId, [...(claims.get(personId) ?? []), record.key]);
      matches.push([record, personId]);
    }
    for (const [record, personId] of matches) {
      if (personId !== null && (claims.get(personId)?.length ?? 0) > 1) {
        left.disputed.set(record.key, { key: record.key, code: "identity.claimed_twice", candidates: [personId] });
      } else if (personId === null) planCreate(record);
      else planMatched(record, personId);
    }
  }

  function planCreate(record: SeenRecord) {
    if (policy.preference === "update-only") {
      left.skipped.set(record.key, { key: record.key, code: "preference.update_only", candidates: [] });
      return;
    }
    if (!policy.mandatoryFields.every((field) => Object.hasOwn(record.person, field))) {
      left.skipped.set(record.key, { key: record.key, code: "mapping.not_read", candidates: [] });
      return;
    }
    const inactive = policy.deactivate && record.activity === "inactive";
    const saasCreated = policy.mode === "user-plus-saas";
    changes.set(record.key, {
      key: record.key,
      kind: "create",
      personId: null,
      person: record.person,
      personStatus: inactive && policy.personDeactivation === "when-unseen" ? "inactive" : "active",
      saas: saasCreated ? record.saas : {},
      saasCreated,
      saasStatus: saasCreated ? (inactive ? "deactivated" : "active") : null,
      linkCreated: true,
      linkActive: !inactive,
      reason: null,
      withheld: null,
    });
  }

  /** A person found by sync key: linked and brought up to date; their status stays, since nobody came back or went. */
  function planMatched(record: SeenRecord, personId: string) {
    const person = known.people.get(personId);
    if (!person) throw new Error(`person ${personId} is not known`);
    if (person.archivedBy === "person" && !policy.restoreArchived) {
      left.skipped.set(record.key, { key: record.key, code: "archived.not_restored", candidates: [personId] });
      return;
    }
    if (policy.preference === "create-only") {
      left.skipped.set(record.key, { key: record.key, code: "preference.create_only", candidates: [personId] });
      return;
    }
    const inactive = policy.deactivate && record.activity === "inactive";
    const saasCreated = policy.mode === "user-plus-saas";
    changes.set(record.key, {
      key: record.key,
      kind: person.archivedBy === null ? "update" : "restore",
      personId,
      person: diffValues(person.document, record.person, personPolicy, person.manualFields),
      personStatus: null,
      saas: saasCreated ? record.saas : {},
      saasCreated,
      saasStatus: saasCreated ? (inactive ? "deactivated" : "active") : null,
      linkCreated: true,
      linkActive: !inactive,
      reason: "linked",
      withheld: null,
    });
  }

  function planMissing(link: KnownLink) {
    const person = known.people.get(link.personId);
    if (!person) throw new Error(`link ${link.key} names a person that is not known`);
    if (!policy.complete || link.missingRuns + 1 < policy.guard.confirmRuns) {
      counts.withheldWithoutChange++;
      return;
    }
    const saasUser = link.saasUserId === null ? undefined : known.saasUsers.get(link.saasUserId);
    changes.set(link.key, {
      key: link.key,
      kind: "deactivate",
      personId: person.id,
      person: {},
      personStatus: statusOfLeaver(person),
      saas: {},
      saasCreated: false,
      saasStatus: saasStatusOfLeaver(saasUser),
      linkCreated: false,
      linkActive: false,
      reason: "missing",
      withheld: withheldReason(person),
    });
  }

  function statusOfLeaver(person: KnownPerson): "inactive" | null {
    const mayGo = policy.personDeactivation === "when-unseen" && !person.activeElsewhere;
    return mayGo && person.status === "active" ? "inactive" : null;
  }

  function saasStatusOfLeaver(saasUser: KnownSaasUser | undefined): "deactivated" | null {
    return policy.mode === "user-plus-saas" && saasUser?.status === "active" ? "deactivated" : null;
  }

  function backStatus(back: boolean, saasUser: KnownSaasUser | undefined): "active" | null {
    if (policy.mode !== "user-plus-saas") return null;
    return back && saasUser?.status === "deactivated" && saasUser.statusBy === "run" ? "active" : null;
  }

  function withheldReason(person: KnownPerson): WithheldReason | null {
    if (!policy.complete) return "coverage";
    return person.protected ? "protected" : null;
  }

  function saasDifference(compares: boolean, record: SeenRecord, saasUser: KnownSaasUser | undefined) {
    if (!compares || policy.mode !== "user-plus-saas" || !saasUser) return {};
    return diffValues(saasUser.document, record.saas, (field) => policyOf(`saas.${field}`), []);
  }

  function personPolicy(field: string): FieldPolicy {
    return policyOf(field);
  }

  function policyOf(target: string): FieldPolicy {
    return policy.fieldPolicies[target] ?? "always";
  }
}

function indexKnown(input: ReconciliationInput) {
  const syncFields = input.policy.uniqueFields.slice(0, input.policy.syncKeyCount);
  const peopleBySyncKey: PeopleByValue[] = syncFields.map((field) => {
    const index = new Map<string, KnownPerson>();
    for (const person of input.people) {
      const value = person.document[field];
      if (typeof value === "string") index.set(comparable(value), person);
    }
    return index;
  });
  return {
    links: new Map(input.links.map((link) => [link.key, link])),
    linkedPeople: new Set(input.links.map((link) => link.personId)),
    people: new Map(input.people.map((person) => [person.id, person])),
    saasUsers: new Map(input.saasUsers.map((user) => [user.id, user])),
    answers: new Map(input.answers.map((answer) => [answer.key, answer])),
    peopleBySyncKey,
  };
}

function keysSharingAUniqueValue(records: readonly SeenRecord[], policy: PlanPolicy): Set<string> {
  const sharing = new Set<string>();
  policy.uniqueFields.forEach((_field, position) => {
    const owners = Map.groupBy(
      records.filter((record) => record.uniques[position] != null),
      (record) => comparable(record.uniques[position] ?? ""),
    );
    for (const group of owners.values()) if (group.length > 1) for (const record of group) sharing.add(record.key);
  });
  return sharing;
}
