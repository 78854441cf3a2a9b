import type { IncomingMessage } from "node:http";

/**
 * An address ending in `.csv` is the list without the ending, asked for as CSV: `/api/v1/people.csv?status=active`. A link in a browser
 * can't say what it accepts.
 */
export function readCsvAddress(request: Pick<IncomingMessage, "url" | "headers">): string {
  const url = request.url ?? "/";
  const [, path, query = ""] = /^(\/api\/v1\/[^?]+)\.csv(\?.*)?$/.exec(url) ?? [];
  if (path === undefined) {
    return url;
  }
  request.headers.accept = "text/csv";
  return path + query;
}
