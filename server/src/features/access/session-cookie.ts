import { sessionMilliseconds } from "./session-lifetime.ts";

/** Over https the name has the prefix that keeps other hosts of the domain from setting it, RFC 6265bis §4.1.3.2. */
export function sessionCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? "__Host-rollcall_session" : "rollcall_session";
}

export function sessionCookieOptions(publicUrl: string) {
  return {
    httpOnly: true,
    sameSite: "lax" as const,
    secure: isSecure(publicUrl),
    path: "/",
    maxAge: sessionMilliseconds / 1000,
  };
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}
