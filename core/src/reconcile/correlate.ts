import { comparable } from "./comparable.ts";
import type { DisputeAnswer, KnownPerson, SeenRecord } from "./plan.ts";

/** People by the comparable value of one unique field. */
export type PeopleByValue = ReadonlyMap<string, KnownPerson>;

/**
 * Finds the person of a record without a link: by the remembered answer to a dispute, else by every sync key.
 * One candidate is a match, several are a dispute; nothing is guessed.
 *
 * @param ownerOf the mapped record of this run that is linked to a person, if any: somebody whose own record now has another
 *   value has moved away from it and is no candidate for whoever takes it over
 */
export function correlate(
  record: SeenRecord,
  peopleBySyncKey: readonly PeopleByValue[],
  answer: DisputeAnswer | undefined,
  ownerOf: (personId: string) => SeenRecord | undefined,
): readonly string[] {
  if (answer?.answer === "link") return [answer.personId];
  if (answer?.answer === "create") return [];
  const candidates = new Set<string>();
  peopleBySyncKey.forEach((people, position) => {
    const value = record.uniques[position];
    const person = value == null ? undefined : people.get(comparable(value));
    if (person === undefined || value == null) return;
    const owner = ownerOf(person.id);
    const ownersValue = owner?.uniques[position];
    if (owner && (ownersValue == null || comparable(ownersValue) !== comparable(value))) return;
    candidates.add(person.id);
  });
  return [...candidates].sort();
}
