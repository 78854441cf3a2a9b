import type { Permission } from "@rollcall/core/contract/access.ts";
import type { CurrentSession } from "@rollcall/core/contract/session.ts";
import { createContext, use } from "react";

export const SessionContext = createContext<CurrentSession | null>(null);

/** Who is signed in; only behind the sign-in. */
export function useSession(): CurrentSession {
  const session = use(SessionContext);
  if (session === null) throw new Error("There is no session outside of the signed-in pages.");
  return session;
}

/** Whether the signed-in account may do something, and what to say when it may not. */
export function usePermission(permission: Permission): { readonly allowed: boolean; readonly reason: string } {
  const allowed = useSession().permissions.includes(permission);
  return { allowed, reason: allowed ? "" : "Your role does not include this. Ask an administrator." };
}
