import type { Runner } from "@rollcall/core/contract/runners.ts";
import { IconClock, IconPlugConnected, IconPlugConnectedX } from "@tabler/icons-react";
import { useNow } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";

// A runner that waits for work asks again at least every 25 seconds.
const connectedFor = 90_000;

/** Whether a runner's machine is there. */
export function RunnerState({ runner: { state, runId, lastSeenAt } }: { readonly runner: Runner }) {
  const now = useNow();
  switch (state) {
    case "waiting":
      return <StatusBadge status={state} label="Waiting for its code" tone="info" icon={IconClock} />;
    case "expired":
      return <StatusBadge status={state} label="Code expired" tone="warn" icon={IconClock} />;
    case "enrolled": {
      if (runId !== null) return <StatusBadge status="running" label="Reading" />;
      const connected = lastSeenAt !== null && now - Date.parse(lastSeenAt) < connectedFor;
      if (connected) return <StatusBadge status={state} label="Connected" tone="good" icon={IconPlugConnected} />;
      return lastSeenAt === null ? (
        <StatusBadge status={state} label="Not started yet" tone="idle" icon={IconClock} />
      ) : (
        <StatusBadge status={state} label="Not connected" tone="warn" icon={IconPlugConnectedX} />
      );
    }
  }
}
