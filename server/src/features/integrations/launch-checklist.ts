import { createHash } from "node:crypto";
import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { FieldProblem } from "@rollcall/core/errors.ts";
import type { TargetField } from "@rollcall/core/mapping/mapping-schema.ts";
import { compileSettings } from "./compile-settings.ts";
import type { IntegrationRow } from "./integration-row.ts";

type Checklist = Integration["launchChecklist"];

type ChecklistFacts = {
  readonly row: IntegrationRow;
  /** Undefined when this program does not have the connector any more. */
  readonly manifest: Manifest | undefined;
  readonly targetFields: readonly TargetField[];
  readonly now: Date;
};

/** What an integration needs before it can be launched, one line each. */
export function launchChecklist(facts: ChecklistFacts): Checklist {
  const { row } = facts;
  return [
    line("name", row.name !== "", "It has a name.", "Give it a name."),
    credentialLine(row),
    line(
      "sync-key",
      row.mapping.rules.some(({ syncKey }) => syncKey === 1),
      "A sync key is chosen.",
      "Make a unique field, such as email, sync key 1.",
    ),
    mappingLine(facts),
    line(
      "integration-user",
      row.integrationUser !== null,
      "Its writes are recorded for an account of its own.",
      "Choose the account that its writes are recorded for.",
    ),
    testLine(facts),
  ];
}

/** The lines that are not ticked off, as problems of the request that needed them. */
export function missingItems(checklist: Checklist): readonly FieldProblem[] {
  return checklist.filter(({ ok }) => !ok).map(({ item, message }) => ({ pointer: itemPointers[item], message }));
}

/** Whether the last connection test passed, within the hour, with what the integration would use now. */
export function hasPassedTest(row: IntegrationRow, now: Date): boolean {
  const { lastTest, credentialUpdatedAt } = row;
  if (lastTest === null || !lastTest.ok || lastTest.subject !== connectionSubject(row)) {
    return false;
  }
  const at = Date.parse(lastTest.at);
  return now.getTime() - at <= testValidity && (credentialUpdatedAt === null || credentialUpdatedAt.getTime() <= at);
}

/** What a connection test is about. A test of other inputs or another credential proves nothing. */
export function connectionSubject({ connector, credentialId, inputs }: IntegrationRow): string {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([connector, credentialId, sorted]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

const testValidity = 60 * 60 * 1000;

const itemPointers: Readonly<Record<Checklist[number]["item"], string>> = {
  name: "/name",
  credential: "/credentialId",
  "sync-key": "/mapping/rules",
  mapping: "/mapping",
  "integration-user": "/integrationUser",
  "connection-test": "/lastTest",
};

function line(item: Checklist[number]["item"], ok: boolean, done: string, missing: string): Checklist[number] {
  return { item, ok, message: ok ? done : missing };
}

function credentialLine({ installation, credentialId }: IntegrationRow): Checklist[number] {
  return installation === "local"
    ? line("credential", true, "The runner holds the credential.", "")
    : line("credential", credentialId !== null, "A credential is chosen.", "Choose a credential.");
}

function mappingLine({ row, manifest, targetFields }: ChecklistFacts): Checklist[number] {
  if (manifest === undefined) {
    return line(
      "mapping",
      false,
      "",
      `This program has no connector ${row.connector}; install the one it was made with.`,
    );
  }
  const compiled = compileSettings(manifest, targetFields, row);
  const problem = compiled.kind === "ok" ? "" : (compiled.problems[0]?.message ?? "");
  return line("mapping", compiled.kind === "ok", "Every mandatory field is mapped.", problem);
}

function testLine({ row, now }: ChecklistFacts): Checklist[number] {
  return row.installation === "local"
    ? line("connection-test", true, "The first run shows whether the runner's credential works.", "")
    : line(
        "connection-test",
        hasPassedTest(row, now),
        "A connection test passed within the last hour.",
        "Test the connection; launching does it too.",
      );
}
