import type { Settings } from "@rollcall/core/contract/settings.ts";
import { itemOptions } from "./list-options.ts";

export const settingsOptions = () => itemOptions<Settings>("/settings");
