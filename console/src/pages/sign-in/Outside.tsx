import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useDocumentTitle } from "../../ui/use-document-title.ts";
import classes from "./Outside.module.css";

type Props = { readonly title: string; readonly lead: ReactNode; readonly children: ReactNode };

/** The frame of the pages before the sign-in. */
export function Outside({ title, lead, children }: Props) {
  useDocumentTitle(title);
  return (
    <main className={classes.ground}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <img src="/favicon.svg" alt="" width={34} height={34} />
          Rollcall
        </div>
        <Paper withBorder p="xl" radius="lg">
          <Stack gap="lg">
            <div>
              <Title order={1} size="h2" fz="1.375rem">
                {title}
              </Title>
              <Text c="dimmed" mt={6}>
                {lead}
              </Text>
            </div>
            {children}
          </Stack>
        </Paper>
      </div>
    </main>
  );
}
