import { type DestinationStream, destination, type Logger, pino } from "pino";
import type { Config } from "../config/config.ts";

/**
 * The process's log: JSON lines on stderr (stdout belongs to what a command answers). Requests are logged without query,
 * headers and body, errors without the fields a driver adds, so that neither secrets nor personal data get in.
 */
export function createLogger(level: Config["logLevel"], stream: DestinationStream = destination(2)): Logger {
  return pino(
    {
      level,
      base: { name: "rollcall" },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: ["authorization", "cookie", "body", "headers", "*.authorization", "*.cookie", "*.body", "*.headers"],
        censor: "[redacted]",
      },
      serializers: { err: describeError, error: describeError, req: describeRequest, res: describeResponse },
    },
    stream,
  );
}

const deepestCause = 4;

type ErrorFacts = {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack: string;
  readonly cause?: ErrorFacts | string;
};

/** Name, message, code and stack of an error and its causes, nothing else. */
function describeError(error: unknown, level = 0): ErrorFacts | string {
  if (!(error instanceof Error)) {
    return typeof error;
  }
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const cause =
    error.cause === undefined || level >= deepestCause ? {} : { cause: describeError(error.cause, level + 1) };
  return { type: error.name, message: error.message, ...code, stack: error.stack ?? "", ...cause };
}

type LoggedRequest = { readonly method?: string; readonly url?: string; readonly ip?: string };

function describeRequest({ method, url, ip }: LoggedRequest) {
  return { method, path: url?.split("?", 1)[0], from: ip };
}

function describeResponse({ statusCode }: { readonly statusCode?: number }) {
  return { status: statusCode };
}
