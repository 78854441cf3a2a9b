import type { Schedule } from "../contract/integrations.ts";
import type { FieldProblem } from "../errors.ts";
import { parseCron } from "./parse-cron.ts";
import { openTimeZone } from "./time-zone.ts";

/** What is wrong with a schedule beyond its shape; pointers are into the schedule (`/expression`, `/timeZone`). */
export function scheduleProblems(schedule: Schedule): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (schedule.kind === "cron") {
    const parsed = parseCron(schedule.expression);
    if (parsed.kind === "refused") {
      problems.push({ pointer: "/expression", message: parsed.message });
    }
  }
  if ("timeZone" in schedule && openTimeZone(schedule.timeZone) === undefined) {
    const message = `There is no time zone ${JSON.stringify(schedule.timeZone)}; use an IANA name such as Europe/Berlin or UTC.`;
    problems.push({ pointer: "/timeZone", message });
  }
  return problems;
}
