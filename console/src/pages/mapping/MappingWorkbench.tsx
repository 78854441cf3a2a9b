import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type Modifier,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { Button, Stack, Text } from "@mantine/core";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { IconWand } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { PageHeader } from "../../components/PageHeader.tsx";
import { Problem } from "../../components/Problem.tsx";
import { usePermission } from "../../session/session-context.ts";
import { Notice } from "../../ui/Notice.tsx";
import { FieldDialog } from "../fields/FieldDialog.tsx";
import { CustomFieldDialog } from "./CustomFieldDialog.tsx";
import { FilterCard } from "./FilterCard.tsx";
import { LivePreview } from "./LivePreview.tsx";
import classes from "./MappingPage.module.css";
import { mapTarget } from "./mapping-draft.ts";
import { targetsOf } from "./mapping-fields.ts";
import type { OpenDialog } from "./open-dialog.ts";
import { RuleOptions } from "./RuleOptions.tsx";
import { SaveChanges } from "./SaveChanges.tsx";
import { SmartMapping } from "./SmartMapping.tsx";
import { SourceColumn } from "./SourceColumn.tsx";
import { SyncKeys } from "./SyncKeys.tsx";
import { TargetColumn } from "./TargetColumn.tsx";
import { problemAt, useMappingEditor } from "./use-mapping-editor.ts";

type Props = {
  readonly integration: Integration;
  readonly connector: Connector;
  readonly fields: readonly Field[];
  readonly crumbs: readonly { readonly label: string; readonly to?: string }[];
};

export function MappingWorkbench({ integration, connector, fields, crumbs }: Props) {
  const targets = useMemo(() => targetsOf(fields), [fields]);
  const editor = useMappingEditor(integration, connector, targets);
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const mayEdit = usePermission("integration.write");
  // A click on a button in a row is no drag; eight pixels of way are.
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 8 } }));
  const close = () => setDialog(null);
  const general = problemAt(
    editor.problems.filter(({ pointer }) => pointer === "/mapping/rules" || pointer === "/connector"),
    "",
  );

  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    if (over !== null) editor.setMapping((mapping) => mapTarget(mapping, String(over.id), String(active.id)));
  };

  return (
    <>
      <PageHeader
        title="Mapping"
        documentTitle={`Mapping of ${integration.name}`}
        crumbs={crumbs}
        description={`Drag a field of ${connector.name} onto a field of the inventory, or choose it there. Nothing is written before you save and a run applies it.`}
        actions={
          <Button
            variant="light"
            leftSection={<IconWand size={16} aria-hidden />}
            disabled={!mayEdit.allowed}
            onClick={() => setDialog({ kind: "smart" })}
          >
            Smart mapping
          </Button>
        }
      />
      <Stack gap="lg" className={classes.page}>
        {!mayEdit.allowed && <Notice tone="info" title={mayEdit.reason} />}
        {general !== undefined && <Notice tone="warn" title={general} role="status" />}
        {editor.preview.isError && (
          <Problem error={editor.preview.error} onRetry={() => void editor.preview.refetch()} />
        )}
        {!editor.canPreview && (
          <Text size="sm" c="dimmed">
            {integration.installation === "local"
              ? "Sample values stay on the runner's machine."
              : "Sample values appear once the integration has a credential."}
          </Text>
        )}
        <DndContext
          sensors={sensors}
          collisionDetection={pointerWithin}
          onDragStart={({ active }) => setDragged(String(active.id))}
          onDragCancel={() => setDragged(null)}
          onDragEnd={drop}
          accessibility={{ restoreFocus: false }}
        >
          <div className={classes.columns}>
            <SourceColumn editor={editor} onOpen={setDialog} />
            <TargetColumn editor={editor} onOpen={setDialog} />
          </div>
          <DragOverlay dropAnimation={null} modifiers={[toPointer]}>
            {dragged !== null && (
              <div className={classes.dragged}>{editor.sources.find(({ id }) => id === dragged)?.label}</div>
            )}
          </DragOverlay>
        </DndContext>
        <SyncKeys editor={editor} />
        <FilterCard editor={editor} />
        <LivePreview editor={editor} />
      </Stack>
      <SaveChanges editor={editor} />
      {dialog?.kind === "smart" && <SmartMapping editor={editor} onClose={close} />}
      {dialog?.kind === "custom-field" && <CustomFieldDialog editor={editor} name={dialog.name} onClose={close} />}
      {dialog?.kind === "rule" && <RuleOptions editor={editor} target={dialog.target} onClose={close} />}
      {dialog?.kind === "new-inventory-field" && (
        <FieldDialog
          label={dialog.label}
          entity={dialog.entity}
          onClose={close}
          onSaved={(field) => {
            const name = field.entity === "saas-user" ? `saas.${field.name}` : field.name;
            const { source } = dialog;
            if (source !== undefined) editor.setMapping((mapping) => mapTarget(mapping, name, source));
          }}
        />
      )}
      {dialog?.kind === "inventory-field" && <FieldDialog field={dialog.field} onClose={close} />}
    </>
  );
}

/** Puts what is dragged under the pointer; it is much smaller than the row that it comes from. */
const toPointer: Modifier = ({ activatorEvent, draggingNodeRect, transform }) => {
  if (draggingNodeRect === null || !(activatorEvent instanceof PointerEvent)) return transform;
  const { clientX, clientY } = activatorEvent;
  return {
    ...transform,
    x: transform.x + clientX - draggingNodeRect.left - 16,
    y: transform.y + clientY - draggingNodeRect.top - 18,
  };
};
