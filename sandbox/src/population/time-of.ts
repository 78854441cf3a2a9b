import { mix } from "./mix.ts";

/** An instant in the form of the documentation (ISO 8601, UTC, milliseconds), the same for the same arguments. */
export function timeOf(seed: number, index: number, salt: number): string {
  return times[mix(seed, index, salt) % times.length] ?? "";
}

/** Formatting an instant costs more than everything else in a user, so a few thousand are made once. */
const times = Array.from({ length: 4096 }, (_, n) =>
  new Date(Date.UTC(2015, 5, 12, 21, 28) + n * 79_373_917 + (n % 1000)).toISOString(),
);
