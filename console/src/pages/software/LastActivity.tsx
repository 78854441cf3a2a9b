import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import { NotProvided } from "../../ui/NotProvided.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";

/** When a user was last active. What the vendor does not tell is unknown, which is neither active nor idle. */
export function LastActivity({ activity }: { readonly activity: SaasUser["lastActivity"] }) {
  return activity.known ? <RelativeTime at={activity.at} absent="never active" /> : <NotProvided />;
}
