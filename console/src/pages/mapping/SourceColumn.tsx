import { Button, Card, Group, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import classes from "./MappingPage.module.css";
import type { Source } from "./mapping-fields.ts";
import type { OpenDialog } from "./open-dialog.ts";
import { SourceRow } from "./SourceRow.tsx";
import type { MappingEditor } from "./use-mapping-editor.ts";

type Props = { readonly editor: MappingEditor; readonly onOpen: (dialog: OpenDialog) => void };

const notProvidedLabels = { lastActivity: "Last activity", status: "Status" } as const;

/** The vendor's fields, with a value of the last records that were fetched. */
export function SourceColumn({ editor, onOpen }: Props) {
  const { sources, connector } = editor;
  const of = (kind: Source["kind"]) => sources.filter((source) => source.kind === kind);
  const list = (kind: Source["kind"]) => (
    <ul className={classes.rows}>
      {of(kind).map((source) => (
        <SourceRow key={source.id} source={source} editor={editor} onOpen={onOpen} />
      ))}
    </ul>
  );
  return (
    <Card component="section" aria-labelledby="sources" padding={0} className={classes.sources}>
      <Group justify="space-between" className={classes.columnHead}>
        <Title order={2} id="sources">
          Fields of {connector.name}
        </Title>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onOpen({ kind: "custom-field" })}
        >
          Add new field
        </Button>
      </Group>
      {list("vendor")}
      {of("custom").length > 0 && (
        <>
          <Title order={3} className={classes.groupHead}>
            Your own API fields
          </Title>
          {list("custom")}
        </>
      )}
      <Title order={3} className={classes.groupHead}>
        About the run
      </Title>
      {list("tracking")}
      {connector.notProvided.length > 0 && (
        <>
          <Title order={3} className={classes.groupHead}>
            Not provided by this vendor
          </Title>
          <ul className={classes.rows}>
            {connector.notProvided.map(({ field, because }) => (
              <li key={field} className={classes.absent}>
                <Text fw={550}>{notProvidedLabels[field]}</Text>
                <Text size="sm" c="dimmed">
                  {because}
                </Text>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
