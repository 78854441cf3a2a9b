import { Button, Drawer, Group, Radio, Stack, Text, Title } from "@mantine/core";
import { type FieldPolicy, fieldPolicies } from "@rollcall/core/mapping/mapping-schema.ts";
import { FunctionsEditor } from "./FunctionsEditor.tsx";
import { changeRule } from "./mapping-draft.ts";
import { showValue } from "./mapping-fields.ts";
import { type MappingEditor, problemAt } from "./use-mapping-editor.ts";

type Props = { readonly editor: MappingEditor; readonly target: string; readonly onClose: () => void };

const policyWords = {
  always: { label: "Always", help: "The vendor is right." },
  "on-create": { label: "Only on create", help: "Once, when the record is made here." },
  "when-empty": { label: "Only when empty", help: "Fills gaps, never replaces a value." },
  "not-over-manual": { label: "Never over a manual edit", help: "What somebody changed by hand here stays." },
} as const satisfies Record<FieldPolicy, { label: string; help: string }>;

/** How and when one field is written, with what it makes of real records. */
export function RuleOptions({ editor, target, onClose }: Props) {
  const index = editor.mapping.rules.findIndex((rule) => rule.target === target);
  const rule = editor.mapping.rules[index];
  const label = editor.targets.find(({ name }) => name === target)?.label ?? target;
  const isTracking = editor.sources.some(({ id, kind }) => id === rule?.source && kind === "tracking");
  const onlyFinds = rule?.syncKey !== undefined && rule.syncKey > 1 && rule.writeSyncKey !== true;
  return (
    <Drawer opened={rule !== undefined} onClose={onClose} title={`Options of ${label}`} position="right" size={480}>
      {rule !== undefined && (
        <Stack gap="xl">
          <Radio.Group
            label={<Title order={3}>When it is written</Title>}
            value={rule.policy ?? "always"}
            onChange={(value) => {
              const policy = fieldPolicies.find((each) => each === value) ?? "always";
              editor.setMapping((mapping) => changeRule(mapping, target, (before) => ({ ...before, policy })));
            }}
          >
            <Stack gap={8} mt={8}>
              {fieldPolicies.map((policy) => (
                <Radio
                  key={policy}
                  value={policy}
                  label={policyWords[policy].label}
                  description={policyWords[policy].help}
                  disabled={onlyFinds || isTracking}
                />
              ))}
            </Stack>
            {onlyFinds && (
              <Text size="sm" c="dimmed" mt={6}>
                A later sync key only finds people. Let it be written under “Sync keys”.
              </Text>
            )}
          </Radio.Group>
          <section aria-labelledby="functions">
            <Title order={3} id="functions" mb="xs">
              Functions
            </Title>
            {isTracking ? (
              <Text size="sm" c="dimmed">
                A tracking field is derived from the run and takes no functions.
              </Text>
            ) : (
              <FunctionsEditor
                functions={rule.functions ?? []}
                problemOf={(at) => problemAt(editor.problems, `/mapping/rules/${index}/functions/${at}`)}
                onChange={(functions) =>
                  editor.setMapping((mapping) =>
                    changeRule(mapping, target, ({ functions: _old, ...others }) =>
                      functions.length === 0 ? others : { ...others, functions },
                    ),
                  )
                }
              />
            )}
          </section>
          <Results editor={editor} target={target} source={rule.source} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Drawer>
  );
}

type ResultsProps = { readonly editor: MappingEditor; readonly target: string; readonly source: string };

/** The vendor's value and ours, for the sampled records. */
function Results({ editor, target, source }: ResultsProps) {
  const records = editor.preview.data?.records;
  if (records === undefined) return null;
  const [group, key] = target.startsWith("saas.")
    ? (["saas", target.slice(5)] as const)
    : (["person", target] as const);
  return (
    <section aria-labelledby="results" aria-live="polite">
      <Title order={3} id="results" mb="xs">
        On real records
      </Title>
      <Stack gap={6}>
        {records.slice(0, 5).map((record, index) => {
          const problem = record.problems.find((each) => each.target === target);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a record may have no readable id
            <Text key={index} size="sm" className="wrap-anywhere">
              <span className="quiet">{showValue(record.source[source])}</span> →{" "}
              {problem?.message ?? showValue(record[group][key])}
            </Text>
          );
        })}
      </Stack>
    </section>
  );
}
