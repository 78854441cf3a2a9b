import { Card, Code, Stack, Text, Title } from "@mantine/core";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { errorTable } from "@rollcall/core/errors.ts";

type Gap = NonNullable<Run["coverage"]>["gaps"][number];

/** Why a run did not see everybody: each gap in words, with what to do. */
export function RunGaps({ gaps }: { readonly gaps: readonly Gap[] }) {
  return (
    <Card component="section" aria-labelledby="gaps-title">
      <Title order={2} id="gaps-title">
        What could not be read
      </Title>
      <Text c="dimmed" mt={4} mb="md">
        Absence needs proof. As long as a gap is there, nobody is deactivated for being absent.
      </Text>
      <Stack gap="md" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {gaps.map((gap) => {
          const cause = causeOf(gap);
          return (
            <li key={`${gap.code} ${gap.detail}`}>
              <Text fw={600} className="wrap-anywhere">
                {gap.detail}
              </Text>
              {cause !== undefined && <Text>{cause.meaning}</Text>}
              <Text>{cause?.nextStep ?? gap.nextStep}</Text>
              <Code>{gap.code}</Code>
            </li>
          );
        })}
      </Stack>
    </Card>
  );
}

/** The vendor's answer behind a page that failed: its code stands among the facts of the gap. */
function causeOf({ detail }: Gap): { readonly meaning: string; readonly nextStep: string } | undefined {
  const code = /\bcode ([a-z]+\.[a-z_]+)/.exec(detail)?.[1];
  return Object.entries(errorTable).find(([known]) => known === code)?.[1];
}
