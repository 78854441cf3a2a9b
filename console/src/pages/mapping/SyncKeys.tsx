import { ActionIcon, Card, Checkbox, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import classes from "./MappingPage.module.css";
import { changeRule, setSyncKeys, syncKeyTargets } from "./mapping-draft.ts";
import { type MappingEditor, problemAt } from "./use-mapping-editor.ts";

/** By which fields a person is found, in order. The first is written; the others only find, unless told otherwise. */
export function SyncKeys({ editor }: { readonly editor: MappingEditor }) {
  const { mapping, targets, setMapping } = editor;
  const keys = syncKeyTargets(mapping);
  const label = (name: string) => targets.find((target) => target.name === name)?.label ?? name;
  const candidates = targets.filter(
    ({ name, unique, field }) =>
      unique && field.entity === "person" && !keys.includes(name) && mapping.rules.some((rule) => rule.target === name),
  );
  const move = (from: number, to: number) => {
    const next = [...keys];
    next.splice(to, 0, ...next.splice(from, 1));
    setMapping((before) => setSyncKeys(before, next));
  };
  return (
    <Card component="section" aria-labelledby="sync-keys">
      <Stack gap="md">
        <div>
          <Title order={2} id="sync-keys">
            Sync keys
          </Title>
          <Text size="sm" c="dimmed">
            A new record of the vendor is matched with a person by these unique fields, in this order. Afterwards it is
            followed by the vendor's own id, whatever changes.
          </Text>
        </div>
        <ol className={classes.keys}>
          {keys.map((name, index) => {
            const ruleIndex = mapping.rules.findIndex((rule) => rule.target === name);
            const rule = mapping.rules[ruleIndex];
            const problem = problemAt(editor.problems, `/mapping/rules/${ruleIndex}/syncKey`);
            return (
              <li key={name}>
                <Group justify="space-between" gap="sm">
                  <Text fw={550}>
                    {index + 1}. {label(name)}
                  </Text>
                  <Group gap={4}>
                    {index === 0 ? (
                      <Text size="sm" c="dimmed">
                        tried first, and written
                      </Text>
                    ) : (
                      <Checkbox
                        label="Also write the value"
                        checked={rule?.writeSyncKey === true}
                        onChange={({ currentTarget: { checked } }) =>
                          setMapping((before) =>
                            changeRule(before, name, ({ writeSyncKey: _old, ...others }) =>
                              checked ? { ...others, writeSyncKey: true } : others,
                            ),
                          )
                        }
                      />
                    )}
                    <ActionIcon
                      variant="subtle"
                      aria-label={`Try ${label(name)} earlier`}
                      disabled={index === 0}
                      onClick={() => move(index, index - 1)}
                    >
                      <IconArrowUp size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      aria-label={`Try ${label(name)} later`}
                      disabled={index === keys.length - 1}
                      onClick={() => move(index, index + 1)}
                    >
                      <IconArrowDown size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`${label(name)} is no sync key`}
                      onClick={() =>
                        setMapping((before) =>
                          setSyncKeys(
                            before,
                            keys.filter((key) => key !== name),
                          ),
                        )
                      }
                    >
                      <IconX size={16} aria-hidden />
                    </ActionIcon>
                  </Group>
                </Group>
                {problem !== undefined && (
                  <Text size="sm" className={classes.bad}>
                    {problem}
                  </Text>
                )}
              </li>
            );
          })}
        </ol>
        <NativeSelect
          aria-label="Add a sync key"
          maw={340}
          value=""
          disabled={candidates.length === 0}
          data={[
            {
              value: "",
              label: candidates.length === 0 ? "No other unique field is mapped" : "Add a sync key …",
            },
            ...candidates.map(({ name, label: text }) => ({ value: name, label: text })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            value !== "" && setMapping((before) => setSyncKeys(before, [...keys, value]))
          }
        />
      </Stack>
    </Card>
  );
}
