import { Card, Text, Title } from "@mantine/core";
import type { RunCounts } from "@rollcall/core/contract/runs.ts";
import { type Share, ShareBar } from "../../components/ShareBar.tsx";
import { formatNumber } from "../../ui/format-time.ts";
import { countWords } from "./run-words.ts";

/** What became of the records of a run: a bar, and the same in words and numbers below it. */
export function CountsPicture({ counts }: { readonly counts: RunCounts }) {
  const shares = Object.entries(colors).map(([name, color]): Share => {
    const key = name as CountName;
    return { name, color, count: counts[key], ...countWords[key] };
  });
  return (
    <Card component="section" aria-labelledby="counts-title">
      <Title order={2} id="counts-title" mb="sm">
        {formatNumber(counts.fetched)} {counts.fetched === 1 ? "record" : "records"} read
      </Title>
      {shares.every(({ count }) => count === 0) ? (
        <Text c="dimmed">There was nothing to do.</Text>
      ) : (
        <ShareBar label="What became of the records" shares={shares} />
      )}
    </Card>
  );
}

type CountName = Exclude<keyof RunCounts, "fetched">;

/** In the order of the bar: what changed, what stayed, what was left out, what went wrong. Colours keep apart in both themes. */
const colors: Readonly<Record<CountName, string>> = {
  created: "var(--mantine-color-green-7)",
  updated: "var(--mantine-color-blue-6)",
  reactivated: "var(--mantine-color-teal-4)",
  deactivated: "var(--mantine-color-orange-7)",
  withheld: "var(--mantine-color-yellow-5)",
  unchanged: "var(--mantine-color-gray-5)",
  skippedByPreference: "var(--mantine-color-indigo-4)",
  skippedByFilter: "var(--mantine-color-violet-4)",
  disputed: "var(--mantine-color-pink-6)",
  rejected: "var(--mantine-color-red-8)",
};
