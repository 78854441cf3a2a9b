import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { InstanceField } from "@rollcall/core/contract/destinations.ts";
import { readInstanceField } from "@rollcall/core/destination/read-answers.ts";
import { errorTable, ProductError } from "@rollcall/core/errors.ts";
import { destinationNotFound } from "../features/destinations/change-destination.ts";
import type { DestinationProbe } from "../features/destinations/destination-probe.ts";
import { findDestination } from "../features/destinations/destination-queries.ts";
import { type DestinationParts, type Oomnitza, openOomnitza } from "./open-oomnitza.ts";

/** What features may ask of an instance without a push. */
export function destinationProbe(parts: DestinationParts): DestinationProbe {
  const open = async (id: string, signal: AbortSignal): Promise<Oomnitza> => {
    const destination = await findDestination(parts.database, id);
    if (destination === undefined) throw destinationNotFound(id);
    return await openOomnitza(parts, destination, signal);
  };
  return {
    test: (id, signal) =>
      outcomeOf(parts, async () => {
        await using oomnitza = await open(id, signal);
        const { body, headers } = await oomnitza.ask({
          kind: "test",
          method: "GET",
          path: "/users",
          query: { limit: 1, skip: 0 },
        });
        if (!Array.isArray(body)) {
          throw new ProductError("vendor.bad_response", "The address answered, but not with a list of people.");
        }
        const total = headers["x-total-count"];
        return `The instance accepted the credential. ${total === undefined ? "It does not tell how many people it has." : `People: ${Number(total)}.`}`;
      }),
    readFields: async (id, signal) => {
      await using oomnitza = await open(id, signal);
      return await readMeta(oomnitza);
    },
  };
}

async function readMeta(oomnitza: Oomnitza): Promise<readonly InstanceField[]> {
  const { body } = await oomnitza.ask({ kind: "meta", method: "GET", path: "/users/meta" });
  if (!Array.isArray(body)) {
    throw new ProductError("vendor.bad_response", "The instance does not tell its fields. Enter their names by hand.");
  }
  return body.map(readInstanceField).filter((field) => field !== undefined);
}

/** A refusal by the instance is an outcome; only a fault of ours is an error. */
async function outcomeOf({ now }: DestinationParts, work: () => Promise<string>): Promise<TestOutcome> {
  const at = now().toISOString();
  try {
    return { ok: true, code: null, message: await work(), nextStep: null, at };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return { ok: false, code: error.code, message: error.message, nextStep: errorTable[error.code].nextStep, at };
  }
}
