import { ProductError } from "@rollcall/core/errors.ts";

/**
 * The error of the driver as a coded error where the cause is the connection and not the statement; otherwise the error
 * itself, so that callers can look at its SQLSTATE.
 */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ProductError) {
    return error;
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (isRefusal(code)) {
    return new ProductError(
      "database.cannot_start",
      `The database refused the connection (${error.message}). Check user, password and database name in DATABASE_URL.`,
      { cause: error },
    );
  }
  if (code === diskFull) {
    return new ProductError("database.disk_full", `The database's disk is full: ${error.message}.`, { cause: error });
  }
  if (isLostConnection(code, error)) {
    return new ProductError("database.unreachable", `The database cannot be reached: ${error.message}.`, {
      cause: error,
      details: code === undefined ? {} : { reason: code },
    });
  }
  return error;
}

/** The SQLSTATE of a failed statement, e.g. `23505` for a unique violation; undefined for every other error. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

// PostgreSQL, appendix A: invalid_authorization_specification, invalid_password, invalid_catalog_name.
function isRefusal(code: string | undefined): boolean {
  return code === "28000" || code === "28P01" || code === "3D000";
}

// PostgreSQL, appendix A: disk_full.
const diskFull = "53100";

function isLostConnection(code: string | undefined, error: Error): boolean {
  if (code !== undefined) {
    return lostConnectionCodes.has(code) || /^08[0-9A-Z]{3}$/.test(code) || isFailedConnect(error);
  }
  return lostConnectionMessages.some((message) => error.message.startsWith(message));
}

function isFailedConnect(error: Error): boolean {
  return "syscall" in error && error.syscall === "connect";
}

const lostConnectionCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "53300", // too_many_connections
]);

// The driver gives these no code (pg/lib/client.js, pg-pool/index.js).
const lostConnectionMessages: readonly string[] = [
  "Connection terminated",
  "Client has encountered a connection error",
  "Client was closed",
  "timeout exceeded when trying to connect",
];
