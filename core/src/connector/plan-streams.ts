import type { Manifest } from "./manifest.ts";
import { derivedRoot } from "./manifest-fields.ts";
import type { InputValues } from "./manifest-inputs.ts";
import { missingParents, namedParents } from "./select-parents.ts";

/** A stream to be read, in the order of reading, and what the judge must know about it. */
export type StreamPlan = {
  readonly name: string;
  readonly primary: boolean;
  readonly mayBeEmpty: boolean;
  /** The stream it is read for each record of; null when it is read once, or for values the operator named. */
  readonly parent: string | null;
};

/**
 * The streams of a run in order: parents before children, joined streams before the users, the users last. Given the
 * pointers a mapping uses, a join that none of them needs is left out with all that only it needed; but not one that shows whether
 * everything is there which the operator named and the users are looked for in.
 */
export function planStreams(
  manifest: Manifest,
  inputs: InputValues,
  usedPointers?: readonly string[],
): readonly StreamPlan[] {
  const order: StreamPlan[] = [];
  const add = (name: string): void => {
    const stream = manifest.streams[name];
    if (stream === undefined || order.some((planned) => planned.name === name)) return;
    const named = stream.forEach === undefined ? null : namedParents(stream.forEach, inputs);
    const parent = named === null ? (stream.forEach?.stream ?? null) : null;
    if (parent !== null) add(parent);
    order.push({ name, primary: name === manifest.users, mayBeEmpty: stream.mayBeEmpty, parent });
  };
  for (const stream of neededJoins(manifest, usedPointers)) add(stream);
  for (const stream of checksOfUsers(manifest, inputs)) add(stream);
  add(manifest.users);
  return order;
}

function checksOfUsers(manifest: Manifest, inputs: InputValues): readonly string[] {
  const users = manifest.streams[manifest.users]?.forEach;
  if (users === undefined || namedParents(users, inputs) !== null) return [];
  return Object.entries(manifest.streams).flatMap(([name, { forEach }]) =>
    forEach?.stream === users.stream && missingParents(forEach, inputs, new Set()).length > 0 ? [name] : [],
  );
}

function neededJoins(manifest: Manifest, usedPointers: readonly string[] | undefined): readonly string[] {
  const names = Object.keys(manifest.derived).filter((name) => {
    const pointer = `/${derivedRoot}/${name}`;
    return (
      usedPointers === undefined || usedPointers.some((used) => used === pointer || used.startsWith(`${pointer}/`))
    );
  });
  const joins = new Set(
    names.flatMap((name) => {
      const derived = manifest.derived[name];
      return derived?.kind === "joined" ? [derived.join] : [];
    }),
  );
  return [...joins].flatMap((join) => manifest.joins[join]?.stream ?? []);
}
