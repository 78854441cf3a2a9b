import type { CreatePerson, Person, UpdatePerson, Why } from "@rollcall/core/contract/people.ts";
import type { Change } from "@rollcall/core/contract/runs.ts";
import { callApi, type QueryValues } from "./client.ts";
import { itemOptions, listOptions } from "./list-options.ts";

export const peopleOptions = (query: QueryValues = {}) => listOptions<Person>("/people", query);
export const personOptions = (id: string) => itemOptions<Person>(personPath(id));
export const personWhyOptions = (id: string) => itemOptions<Why>(`${personPath(id)}/why`);
export const personHistoryOptions = (id: string) => listOptions<Change>(`${personPath(id)}/history`);

export const createPerson = (body: Partial<CreatePerson>) => callApi<Person>("POST", "/people", { body });
export const updatePerson = (id: string, body: UpdatePerson) => callApi<Person>("PATCH", personPath(id), { body });

/** The path of a person's calls; an id comes from the address bar and may hold anything. */
export function personPath(id: string): string {
  return `/people/${encodeURIComponent(id)}`;
}
