import type { DestinationParts } from "../destinations/open-oomnitza.ts";
import { pushDueDestination } from "../destinations/push-destination.ts";
import type { EngineLog } from "../queue/run-task.ts";
import { type Repeating, startRepeating } from "./repeat.ts";

type PushParts = DestinationParts & {
  readonly log: EngineLog;
  /** Between two looks at what waits; a second when absent. */
  readonly everyMilliseconds?: number;
};

/** Keeps destinations in step. Every process may have one: a destination is pushed to by one of them at a time. */
export function startPushing({ log, everyMilliseconds = 1_000, ...parts }: PushParts): Repeating {
  return startRepeating({
    name: "destinations",
    everyMilliseconds,
    turn: async (signal) => {
      while (!signal.aborted && (await pushDueDestination(parts, signal))) {
        // The next destination, or what is left of a large one.
      }
    },
    log,
  });
}
