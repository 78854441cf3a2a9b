import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useTableAddress } from "../table/use-table-address.ts";
import { useGo } from "../ui/Link.tsx";

export type PageTab = {
  /** Its name in the address. */
  readonly id: string;
  readonly label: string;
  readonly panel: ReactNode;
};

type Props = {
  /** What the tabs are about, for screen readers. */
  readonly label: string;
  readonly tabs: readonly PageTab[];
  /** The address of a tab, of paths.ts. */
  readonly hrefOf: (id: string) => string;
};

/** Tabs whose choice is in the address, so that links and the back button work; only the chosen one is in the page. */
export function PageTabs({ label, tabs, hrefOf }: Props) {
  const [{ tab }] = useTableAddress();
  const go = useGo();
  const chosen = tabs.find(({ id }) => id === tab) ?? tabs[0];
  return (
    <Tabs
      value={chosen?.id ?? null}
      onChange={(id) => id !== null && go(hrefOf(id))}
      keepMounted={false}
      activateTabWithKeyboard={false}
    >
      <Tabs.List aria-label={label} mb="md">
        {tabs.map(({ id, label: name }) => (
          <Tabs.Tab key={id} value={id} px={{ base: 8, sm: "md" }}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, panel }) => (
        <Tabs.Panel key={id} value={id}>
          {panel}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
