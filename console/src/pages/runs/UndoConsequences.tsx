import { List, Text } from "@mantine/core";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { formatNumber } from "../../ui/format-time.ts";

/** What will happen when a run is undone, in the numbers of this run. */
export function UndoConsequences({ run: { counts } }: { readonly run: Run }) {
  return (
    <>
      <List spacing={6}>
        {counts.created > 0 && (
          <List.Item>
            {people(counts.created)} created by this run {counts.created === 1 ? "is" : "are"} archived: hidden, kept,
            restorable.
          </List.Item>
        )}
        {counts.updated + counts.reactivated > 0 && (
          <List.Item>{people(counts.updated + counts.reactivated)} get their former values and status back.</List.Item>
        )}
        {counts.deactivated > 0 && (
          <List.Item>{people(counts.deactivated)} deactivated by this run become active again.</List.Item>
        )}
        <List.Item>What was edited since is kept as it is and listed.</List.Item>
      </List>
      <Text mt="sm">
        The undo is a run of its own in the history. The next scheduled run will read the vendor again.
      </Text>
    </>
  );
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${formatNumber(count)} people`;
}
