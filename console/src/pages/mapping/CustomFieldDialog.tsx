import { Button, Group, List, Modal, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { parsePath } from "@rollcall/core/mapping/path.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { previewOptions } from "../../api/integrations.ts";
import { problemOf } from "../../api/problem-error.ts";
import { addCustomField, replaceCustomField } from "./mapping-draft.ts";
import { showValue } from "./mapping-fields.ts";
import type { MappingEditor } from "./use-mapping-editor.ts";

type Props = {
  readonly editor: MappingEditor;
  /** The field to change; absent: a new one. */
  readonly name?: string | undefined;
  readonly onClose: () => void;
};

/** Add new field: a name and a path into the vendor's record, with what it finds in real records. */
export function CustomFieldDialog({ editor, name: oldName, onClose }: Props) {
  const before = editor.mapping.customFields.find((field) => field.name === oldName);
  const [name, setName] = useState(before?.name ?? "");
  const [path, setPath] = useState(before?.path ?? "");
  const nameProblem = problemOfName(editor, name, oldName);
  const parsed = parsePath(path);
  const pathProblem = path.trim() === "" || parsed.kind === "ok" ? undefined : parsed.message;
  const isReady = name.trim() !== "" && parsed.kind === "ok" && nameProblem === undefined;

  const save = () => {
    const field = { name: name.trim(), path: path.trim() };
    editor.setMapping((mapping) =>
      oldName === undefined ? addCustomField(mapping, field) : replaceCustomField(mapping, oldName, field),
    );
    onClose();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={oldName === undefined ? "Add new field" : `Change ${oldName}`}
      size="lg"
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) save();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            required
            data-autofocus
            maxLength={128}
            value={name}
            error={nameProblem}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label="Path"
            required
            maxLength={512}
            description="Where the value is in the vendor's record, or a constant."
            value={path}
            error={pathProblem}
            onChange={({ currentTarget }) => setPath(currentTarget.value)}
          />
          <Text size="sm" component="div">
            For example
            <List size="sm" mt={4}>
              <List.Item>
                <code>status</code>, <code>profile.field_1</code>, <code>profiles[0].provider</code>
              </List.Item>
              <List.Item>
                <code>{'{{profile["field 2"]}}'}</code> for a name with spaces
              </List.Item>
              <List.Item>
                <code>{'{{"text"}}'}</code> for the same text everywhere
              </List.Item>
            </List>
          </Text>
          {parsed.kind === "ok" && <Found editor={editor} path={path.trim()} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isReady}>
              {oldName === undefined ? "Add the field" : "Change the field"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function problemOfName(editor: MappingEditor, name: string, oldName: string | undefined): string | undefined {
  const wanted = name.trim().toLowerCase();
  if (wanted === "" || wanted === oldName?.toLowerCase()) return undefined;
  const taken = editor.sources.find(({ id, label }) => [id, label].some((text) => text.toLowerCase() === wanted));
  return taken === undefined ? undefined : `There is a field ${taken.label} already; choose another name.`;
}

/** The values at a path in the records fetched last. */
function Found({ editor, path }: { readonly editor: MappingEditor; readonly path: string }) {
  const [settled] = useDebouncedValue(path, 400);
  const probe = "value at the path";
  const { integration, mapping } = editor;
  // A mapping of its own, so that what is wrong elsewhere does not hide the answer.
  const preview = useQuery({
    ...previewOptions(integration.id, {
      mapping: {
        rules: integration.mapping.rules,
        customFields: [...integration.mapping.customFields, { name: probe, path: settled }],
      },
      filter: { mode: "always", rules: null, restoreArchived: false },
    }),
    enabled: editor.canPreview && mapping.customFields.length < 100,
  });
  const records = preview.data?.records ?? [];
  const found = records.filter(({ source }) => source[probe] !== null && source[probe] !== undefined);
  return (
    <section aria-labelledby="found" aria-live="polite">
      <Title order={3} id="found" mb={4}>
        On real records
      </Title>
      {!editor.canPreview && (
        <Text size="sm" c="dimmed">
          Appears once the integration has a credential.
        </Text>
      )}
      {preview.isLoading && <Text size="sm">Reading the vendor …</Text>}
      {preview.isError && <Text size="sm">{problemOf(preview.error).detail}</Text>}
      {preview.isSuccess && (
        <>
          <Text size="sm" c="dimmed">
            {found.length} of {records.length} sampled records have a value there.
          </Text>
          <List size="sm" mt={4}>
            {found.slice(0, 5).map(({ key, source }, index) => (
              <List.Item key={key ?? `record ${index}`} className="wrap-anywhere">
                {showValue(source[probe])}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </section>
  );
}
