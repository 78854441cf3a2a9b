import { type Run, runSchema } from "@rollcall/core/contract/runs.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { apiUrl } from "../../api/client.ts";
import { runOptions, runPath } from "../../api/runs.ts";

export type LiveState = "off" | "connecting" | "live" | "interrupted";

/**
 * Keeps the run in the cache up to date from the server's events while it is under way. The browser connects again by itself when the
 * connection breaks; meanwhile the page says so.
 *
 * @param onFinished called once with the finished run
 */
export function useLiveRun(id: string, isUnderWay: boolean, onFinished: (run: Run) => void): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("off");
  useEffect(() => {
    if (!isUnderWay) {
      setState("off");
      return;
    }
    setState("connecting");
    const events = new EventSource(apiUrl(`${runPath(id)}/events`), { withCredentials: true });
    events.onopen = () => setState("live");
    events.onerror = () => setState("interrupted");
    events.addEventListener("run", ({ data }: MessageEvent<string>) => {
      const run = runSchema.parse(JSON.parse(data));
      client.setQueryData(runOptions(id).queryKey, run);
      if (run.finishedAt !== null) {
        events.close();
        onFinished(run);
      }
    });
    return () => events.close();
  }, [client, id, isUnderWay, onFinished]);
  return state;
}
