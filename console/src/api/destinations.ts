import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type {
  CreateDestination,
  Destination,
  DestinationDelivery,
  InstanceField,
  UpdateDestination,
} from "@rollcall/core/contract/destinations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { queryOptions } from "@tanstack/react-query";
import { callApi, type QueryValues } from "./client.ts";
import { itemOptions, listOptions } from "./list-options.ts";

const path = (id: string) => `/destinations/${encodeURIComponent(id)}`;

export const destinationsOptions = (query: QueryValues = {}) => ({
  ...listOptions<Destination>("/destinations", query),
  refetchInterval: 10_000,
});

/** Asked again every few seconds, because runs queue changes and the worker sends them. */
export function destinationOptions(id: string) {
  return {
    ...itemOptions<Destination>(path(id)),
    refetchInterval: ({ state }: { readonly state: { readonly data?: Destination | undefined } }) =>
      state.data !== undefined && isBusy(state.data) ? 2_000 : 5_000,
  };
}

export const deliveriesOptions = (id: string, query: QueryValues = {}) =>
  listOptions<DestinationDelivery>(`${path(id)}/deliveries`, query);

/** The fields of People that the instance has; asks the instance, which may refuse. */
export const instanceFieldsOptions = (id: string) =>
  queryOptions({
    queryKey: [`${path(id)}/fields`] as const,
    queryFn: ({ signal }) => callApi<ListOf<InstanceField>>("GET", `${path(id)}/fields`, { signal }),
    staleTime: 5 * 60_000,
    retry: false,
  });

export const createDestination = (body: CreateDestination) => callApi<Destination>("POST", "/destinations", { body });
export const updateDestination = (id: string, body: UpdateDestination) =>
  callApi<Destination>("PATCH", path(id), { body });
export const deleteDestination = (id: string) => callApi<null>("DELETE", path(id));
export const testDestination = (id: string) => callApi<TestOutcome>("POST", `${path(id)}/test`);

type Queued = { readonly queued: number };
export const resynchronise = (id: string) => callApi<Queued>("POST", `${path(id)}/resynchronise`);
export const retryDeliveries = (id: string) => callApi<Queued>("POST", `${path(id)}/retry`);

function isBusy({ pushing, enabled, deliveries, problem }: Destination): boolean {
  return pushing || (enabled && problem === null && deliveries.waiting > 0);
}
