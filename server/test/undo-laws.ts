import assert from "node:assert/strict";
import { type InventoryRows, inventoryRows } from "./inventory-rows.ts";
import { assertKept, type Law, type Scene } from "./law.ts";
import { undoStep } from "./reconciliation-history.ts";

/** What undoing is. Nobody touches anything between the run and its undo. */
export const undoLaws: readonly Law[] = [
  {
    name: "A6 undo after apply restores the rows bit for bit",
    holds: async ({ transaction, integration, seen, policy, run, undo }) => {
      // A protected person who was inactive stays active: protection is stronger than an undo.
      await transaction.query("update person set protected = false");
      const before = await inventoryRows(transaction);
      const { runId } = await run(transaction, integration, seen, policy);
      const undone = await undo(transaction, integration, runId);
      const now = await inventoryRows(transaction);
      const kept = await keptOf(transaction, undone);
      assertRestored(now, before, kept);
      assert.deepEqual(now.present, before.present, "whoever was not there before is archived");
    },
    without: [
      "the old values",
      {
        undo: async (transaction, integration, runId) => {
          await transaction.query("delete from change where run_id = $1 and kind <> 'create'", [runId]);
          return await undoStep(transaction, integration, runId);
        },
      },
    ],
  },
  {
    name: "A6 undo of an undo brings back what the run did",
    holds: async ({ transaction, integration, seen, policy, run, undo }) => {
      await transaction.query("update person set protected = false");
      const { runId } = await run(transaction, integration, seen, policy);
      const applied = await inventoryRows(transaction);
      const undone = await undo(transaction, integration, runId);
      const redone = await undo(transaction, integration, undone);
      assert.deepEqual(await keptOf(transaction, redone), []);
      const again = await inventoryRows(transaction);
      assert.deepEqual(again.people, applied.people);
      assert.deepEqual(again.saasUsers, applied.saasUsers);
      assert.deepEqual(again.ties, applied.ties);
    },
    without: [
      "the way back out of the archive",
      {
        undo: async (transaction, integration, runId) => {
          await transaction.query("delete from change where run_id = $1 and kind = 'archive'", [runId]);
          return await undoStep(transaction, integration, runId);
        },
      },
    ],
  },
];

/** Records that an undo left as they are; it may do so for one reason alone, and says so. */
async function keptOf({ query }: Scene["transaction"], runId: string): Promise<readonly string[]> {
  const { rows: kept } = await query<{ personId: string; code: string }>(
    `select details ->> 'personId' as "personId", code from run_error where run_id = $1`,
    [runId],
  );
  assert.deepEqual(
    kept.filter(({ code }) => code !== "undo.value_taken"),
    [],
  );
  return kept.map(({ personId }) => personId);
}

function assertRestored(now: InventoryRows, before: InventoryRows, kept: readonly string[]): void {
  const untouched = (all: readonly string[], id: string) =>
    all.filter((row) => {
      const value: unknown = JSON.parse(row);
      const person = typeof value === "object" && value !== null && id in value ? Object(value)[id] : undefined;
      return !kept.includes(String(person));
    });
  assertKept(now.people, untouched(before.people, "id"));
  assertKept(now.saasUsers, untouched(before.saasUsers, "person_id"));
  assert.deepEqual(untouched(now.ties, "person_id"), untouched(before.ties, "person_id"));
}
