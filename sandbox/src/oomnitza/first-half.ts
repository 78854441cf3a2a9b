import { type Fault, isWriteFault } from "../faults/fault.ts";

/** What a half-applied request gets done. */
export function firstHalf<Item>(items: readonly Item[], faults: readonly Fault[]): readonly Item[] {
  return faults.some(isWriteFault) ? items.slice(0, Math.ceil(items.length / 2)) : items;
}
