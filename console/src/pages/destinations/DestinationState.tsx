import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { stateOf } from "./destination-words.ts";

export function DestinationState({ destination }: { readonly destination: Destination }) {
  const { label, tone } = stateOf(destination);
  return <StatusBadge status="destination" label={label} tone={tone} />;
}
