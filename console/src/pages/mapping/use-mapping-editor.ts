import { useDebouncedValue } from "@mantine/hooks";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { compileMapping } from "@rollcall/core/mapping/compile-mapping.ts";
import type { Filter } from "@rollcall/core/mapping/filter-schema.ts";
import type { Mapping } from "@rollcall/core/mapping/mapping-schema.ts";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { previewOptions, updateIntegration } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";
import { sourceFieldsOf, sourcesOf, type Target } from "./mapping-fields.ts";

export type Draft = { readonly mapping: Mapping; readonly filter: Filter };

/** What is being edited, what is wrong with it, and what it makes of real records. */
export function useMappingEditor(integration: Integration, connector: Connector, allTargets: readonly Target[]) {
  const saved: Draft = useMemo(
    () => ({ mapping: integration.mapping, filter: integration.filter }),
    [integration.mapping, integration.filter],
  );
  const [draft, setDraft] = useState<Draft | null>(null);
  const current = draft ?? saved;
  const isChanged = draft !== null && JSON.stringify(draft) !== JSON.stringify(saved);

  const problems = useMemo(() => {
    const compiled = compileMapping({
      mapping: current.mapping,
      filter: current.filter,
      sourceFields: sourceFieldsOf(connector),
      targetFields: allTargets,
      // Neither is the administrator's; the server checks the connector itself.
      activity: { kind: "none" },
      keyPath: "/id",
      mode: integration.mode,
    });
    return compiled.kind === "ok" ? [] : compiled.problems;
  }, [current, connector, allTargets, integration.mode]);

  const [settled] = useDebouncedValue(current, 500);
  const canPreview = integration.credentialId !== null && integration.installation === "cloud";
  const preview = useQuery({
    ...previewOptions(integration.id, settled),
    enabled: canPreview && problems.length === 0,
    placeholderData: (before) => before,
  });

  const save = useCommand(
    () => updateIntegration(integration.id, current, integration.revision),
    ["/integrations"],
    () => setDraft(null),
  );

  return {
    integration,
    connector,
    /** Rules for SaaS users are kept when they write nothing, but there is nothing to choose for them then. */
    targets: useMemo(
      () => allTargets.filter(({ field }) => field.entity === "person" || integration.mode === "user-plus-saas"),
      [allTargets, integration.mode],
    ),
    sources: useMemo(() => sourcesOf(connector, current.mapping), [connector, current.mapping]),
    mapping: current.mapping,
    filter: current.filter,
    isChanged,
    problems,
    preview,
    canPreview,
    save,
    setMapping: (change: (mapping: Mapping) => Mapping) =>
      setDraft((before) => ({ ...(before ?? saved), mapping: change((before ?? saved).mapping) })),
    setFilter: (filter: Filter) => setDraft((before) => ({ ...(before ?? saved), filter })),
    discard: () => setDraft(null),
  };
}

export type MappingEditor = ReturnType<typeof useMappingEditor>;

/** The first sentence that is wrong at a pointer or below it; undefined when nothing is. */
export function problemAt(problems: MappingEditor["problems"], pointer: string): string | undefined {
  return problems.find((problem) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`))?.message;
}
