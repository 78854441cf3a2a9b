import { credentialSchema } from "@rollcall/core/contract/credentials.ts";
import { destinationSchema } from "@rollcall/core/contract/destinations.ts";
import { integrationSchema } from "@rollcall/core/contract/integrations.ts";
import { type ListOf, listOf } from "@rollcall/core/contract/listing.ts";
import { personSchema } from "@rollcall/core/contract/people.ts";
import { runnerSchema } from "@rollcall/core/contract/runners.ts";
import { softwareSchema } from "@rollcall/core/contract/saas.ts";
import { type ErrorCode, ProductError } from "@rollcall/core/errors.ts";
import { wrongUse } from "../wrong-use.ts";
import type { Api, Query, Schema } from "./api.ts";
import { readWholeList } from "./read-list.ts";

/** The id of the credential with this id or exact name. The same holds for the others below. */
export async function credentialId(api: Api, typed: string): Promise<string> {
  return isUuid(typed) ? typed : await idByName(api, typed, { ...named, ...credentials });
}

export async function destinationId(api: Api, typed: string): Promise<string> {
  return isUuid(typed) ? typed : await idByName(api, typed, { ...named, ...destinations });
}

/** An archived integration gives its name free, so the one that is in use goes before it. */
export async function integrationId(api: Api, typed: string): Promise<string> {
  return isUuid(typed) ? typed : await idByName(api, typed, { ...named, ...integrations });
}

export async function runnerId(api: Api, typed: string): Promise<string> {
  return isUuid(typed) ? typed : await idByName(api, typed, { ...named, ...runners });
}

export async function softwareId(api: Api, typed: string): Promise<string> {
  return isUuid(typed) ? typed : await idByName(api, typed, { ...named, ...software });
}

/** A person's id by id, username or e-mail; case does not matter, archived people are found too. */
export async function personId(api: Api, typed: string): Promise<string> {
  if (/^\d+$/.test(typed)) return typed;
  const wanted = typed.toLowerCase();
  const people: Nouns<Identified & { username: string; email: string }> = {
    noun: "person",
    path: "/people",
    answer: listOf(personSchema),
    missing: "person.not_found",
    matches: ({ username, email }) => [username, email].some((name) => name.toLowerCase() === wanted),
    describe: ({ username }) => username,
  };
  try {
    return await idByName(api, typed, people);
  } catch (error) {
    if (!(error instanceof ProductError) || error.code !== "person.not_found") throw error;
    return await idByName(api, typed, { ...people, filter: { archived: "true" } });
  }
}

type Identified = { readonly id: string };
type Named = Identified & { readonly name: string };

type Nouns<Item> = {
  readonly noun: string;
  readonly path: string;
  readonly answer: Schema<ListOf<Item>>;
  readonly missing: ErrorCode;
  readonly filter?: Query;
  readonly matches: (item: Item, typed: string) => boolean;
  readonly describe: (item: Item) => string;
  /** Chooses among several that match. */
  readonly prefer?: (item: Item) => boolean;
};

const named = {
  matches: ({ name }: Named, typed: string) => name === typed,
  describe: ({ name }: Named) => name,
};
const credentials = {
  noun: "credential",
  path: "/credentials",
  answer: listOf(credentialSchema),
  missing: "credential.not_found",
} as const;
const destinations = {
  noun: "destination",
  path: "/destinations",
  answer: listOf(destinationSchema),
  missing: "destination.not_found",
} as const;
const software = {
  noun: "SaaS record",
  path: "/saas",
  answer: listOf(softwareSchema),
  missing: "software.not_found",
} as const;
const runners = {
  noun: "runner",
  path: "/runners",
  answer: listOf(runnerSchema),
  missing: "runner.not_found",
} as const;
const integrations = {
  noun: "integration",
  path: "/integrations",
  answer: listOf(integrationSchema),
  missing: "integration.not_found",
  prefer: ({ status }: { status: string }) => status !== "archived",
} as const;

async function idByName<Item extends Identified>(api: Api, typed: string, nouns: Nouns<Item>): Promise<string> {
  const { data } = await readWholeList(api, nouns.path, nouns.answer, { ...nouns.filter, q: typed.slice(0, 200) });
  const matching = data.filter((item) => nouns.matches(item, typed));
  const preferred = matching.filter((item) => nouns.prefer?.(item) ?? true);
  const found = preferred.length > 0 ? preferred : matching;
  const [first, ...others] = found;
  if (first === undefined) throw new ProductError(nouns.missing, `There is no ${nouns.noun} called "${typed}".`);
  if (others.length === 0) return first.id;
  const list = found.map((item) => `\n  ${item.id}  ${nouns.describe(item)}`).join("");
  throw wrongUse(`"${typed}" is the name of ${found.length}; give the id of one of them.${list}`);
}

function isUuid(typed: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(typed);
}
