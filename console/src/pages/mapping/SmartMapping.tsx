import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { proposeMapping } from "@rollcall/core/mapping/smart-mapping.ts";
import { useMemo, useState } from "react";
import { constantText, mapTarget, setSyncKeys, syncKeyTargets } from "./mapping-draft.ts";
import { sourceFieldsOf } from "./mapping-fields.ts";
import type { MappingEditor } from "./use-mapping-editor.ts";

type Props = { readonly editor: MappingEditor; readonly onClose: () => void };

/** Proposals by name, for a person to choose from. What is mapped already is left alone unless it is ticked. */
export function SmartMapping({ editor, onClose }: Props) {
  const { connector, mapping, targets, sources } = editor;
  const proposals = useMemo(() => {
    const custom = mapping.customFields.map(({ name, path }) => ({ id: name, label: name, path }));
    return proposeMapping([...sourceFieldsOf(connector), ...custom], targets).filter(
      ({ source, target }) => !mapping.rules.some((rule) => rule.target === target && rule.source === source),
    );
  }, [connector, mapping, targets]);
  const isMapped = (target: string) => mapping.rules.some((rule) => rule.target === target);
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    proposals.map(({ target }) => target).filter((target) => !isMapped(target)),
  );
  const sourceLabel = (source: string) => {
    const text = constantText(source);
    return text === null ? (sources.find(({ id }) => id === source)?.label ?? source) : `the constant “${text}”`;
  };
  const targetLabel = (name: string) => {
    const label = targets.find((target) => target.name === name)?.label ?? name;
    return name.startsWith("saas.") ? `SaaS user: ${label}` : label;
  };
  const apply = () => {
    editor.setMapping((before) => {
      const taken = proposals.filter(({ target }) => chosen.includes(target));
      const mapped = taken.reduce((next, { target, source }) => mapTarget(next, target, source), before);
      const key = taken.find(({ syncKey }) => syncKey !== undefined);
      return syncKeyTargets(mapped).length > 0 || key === undefined ? mapped : setSyncKeys(mapped, [key.target]);
    });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Smart mapping" centered>
      <Stack gap="md">
        {proposals.length === 0 ? (
          <Text>Everything that has a matching name is mapped already.</Text>
        ) : (
          <Text c="dimmed" size="sm">
            These fields have the same or a similar name. Ticked ones are mapped; nothing is saved yet.
          </Text>
        )}
        {proposals.map(({ source, target }) => (
          <Checkbox
            key={target}
            label={`${sourceLabel(source)} → ${targetLabel(target)}`}
            description={isMapped(target) ? "Replaces what it is mapped to now." : undefined}
            checked={chosen.includes(target)}
            onChange={({ currentTarget: { checked } }) =>
              setChosen((before) => (checked ? [...before, target] : before.filter((each) => each !== target)))
            }
          />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {proposals.length === 0 ? "Close" : "Cancel"}
          </Button>
          {proposals.length > 0 && (
            <Button disabled={chosen.length === 0} onClick={apply}>
              Map {chosen.length === 1 ? "1 field" : `${chosen.length} fields`}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
