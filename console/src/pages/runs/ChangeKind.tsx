import type { Change } from "@rollcall/core/contract/runs.ts";
import {
  type Icon,
  IconArchive,
  IconArrowBackUp,
  IconBan,
  IconHandClick,
  IconPencil,
  IconPlus,
  IconRefresh,
} from "@tabler/icons-react";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { changeKindWords } from "./run-words.ts";

const signs: Readonly<Record<Change["kind"], Icon>> = {
  create: IconPlus,
  update: IconPencil,
  reactivate: IconRefresh,
  deactivate: IconBan,
  restore: IconArrowBackUp,
  archive: IconArchive,
  edit: IconHandClick,
};

/** What a change does, in a word with its sign. */
export function ChangeKind({ kind }: Pick<Change, "kind">) {
  const { label, tone } = changeKindWords[kind];
  return <StatusBadge status={kind} label={label} tone={tone} icon={signs[kind]} />;
}
