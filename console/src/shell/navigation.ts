import type { Permission } from "@rollcall/core/contract/access.ts";
import {
  type Icon,
  IconApps,
  IconBooks,
  IconCode,
  IconForms,
  IconHistory,
  IconHome,
  IconKey,
  IconListDetails,
  IconPlugConnected,
  IconSend,
  IconServer,
  IconSettings,
  IconUserShield,
  IconUsers,
} from "@tabler/icons-react";
import { paths } from "../paths.ts";

export type NavigationItem = {
  readonly label: string;
  readonly to: string;
  readonly icon: Icon;
  readonly permission: Permission;
};
export type NavigationGroup = { readonly label: string | null; readonly items: readonly NavigationItem[] };

/** The menu. Names are fixed: administrators find them in the documentation. */
export const navigation: readonly NavigationGroup[] = [
  {
    label: null,
    items: [
      { label: "Home", to: paths.home(), icon: IconHome, permission: "integration.read" },
      { label: "People", to: paths.people(), icon: IconUsers, permission: "person.read" },
    ],
  },
  {
    label: "Software",
    items: [
      { label: "SaaS", to: paths.saas(), icon: IconApps, permission: "saas.read" },
      { label: "Software catalog", to: paths.catalog(), icon: IconBooks, permission: "catalog.read" },
    ],
  },
  {
    label: "Configuration",
    items: [
      { label: "Integrations", to: paths.integrations(), icon: IconPlugConnected, permission: "integration.read" },
      { label: "Destinations", to: paths.destinations(), icon: IconSend, permission: "destination.read" },
      { label: "Local runners", to: paths.runners(), icon: IconServer, permission: "runner.read" },
      { label: "Inventory fields", to: paths.fields(), icon: IconForms, permission: "field.read" },
      { label: "Accounts", to: paths.accounts(), icon: IconUserShield, permission: "account.read" },
      { label: "Settings", to: paths.settings(), icon: IconSettings, permission: "settings.read" },
    ],
  },
  {
    label: "Security",
    items: [
      { label: "Credentials", to: paths.credentials(), icon: IconKey, permission: "credential.read" },
      { label: "API tokens", to: paths.tokens(), icon: IconCode, permission: "api_token.read" },
      { label: "Audit log", to: paths.audit(), icon: IconHistory, permission: "audit.read" },
    ],
  },
  {
    label: "Activity",
    items: [{ label: "Runs", to: paths.runs(), icon: IconListDetails, permission: "run.read" }],
  },
];
