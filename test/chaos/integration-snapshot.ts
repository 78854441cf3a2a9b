import assert from "node:assert/strict";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { rows } from "@rollcall/server/postgres/query.ts";

/** All that an integration's runs left behind, in words that two integrations over alike vendors have in common. */
export type IntegrationSnapshot = Readonly<
  Record<"people" | "saasUsers" | "links" | "runs" | "changes" | "errors" | "messages", readonly string[]>
>;

/**
 * Everything but ids, times, content hashes and the numbers of attempts. `domain` stands in everybody's address, and a run is named by its
 * place in the integration's history.
 */
export async function integrationSnapshot(
  database: Database,
  integrationId: string,
  domain: string,
): Promise<IntegrationSnapshot> {
  const runs = await rows<{ id: string }>(database, "select id from run where integration_id = $1 order by id", [
    integrationId,
  ]);
  const plain = (text: string): string =>
    runs.reduce(
      (plainer, { id }, index) => plainer.replaceAll(id, `run ${index + 1}`),
      text.replaceAll(domain, "domain"),
    );
  const lines = async (query: string): Promise<readonly string[]> => {
    const found = await rows<{ line: string }>(database, query, [integrationId]);
    return found.map(({ line }) => plain(line)).sort();
  };
  const [people, saasUsers, links, ended, changes, errors, messages] = await Promise.all([
    lines(peopleLines),
    lines(saasUserLines),
    lines(linkLines),
    lines(runLines),
    lines(changeLines),
    lines(errorLines),
    lines(messageLines),
  ]);
  return { people, saasUsers, links, runs: ended, changes, errors, messages };
}

/** Fails with the first line that only one of the two has. */
export function assertAlike(actual: IntegrationSnapshot, expected: IntegrationSnapshot, where: string): void {
  for (const part of ["runs", "errors", "people", "saasUsers", "links", "changes", "messages"] as const) {
    const [found, wanted] = [new Set(actual[part]), new Set(expected[part])];
    const extra = actual[part].find((line) => !wanted.has(line));
    const missing = expected[part].find((line) => !found.has(line));
    assert.equal(extra, missing, `${where}: ${part}`);
    assert.equal(actual[part].length, expected[part].length, `${where}: number of ${part}`);
  }
}

const touchedPeople = "select person_id from change where integration_id = $1";

const peopleLines = `
  select (to_jsonb(p) - '{id,created_at,created_by,updated_at,archived_at}'::text[] || jsonb_build_object('archived', archived_at is not null))::text as line
  from person p where p.id in (${touchedPeople})`;

const saasUserLines = `
  select (to_jsonb(u) - '{id,person_id,software_id,created_at,updated_at,archived_at}'::text[]
          || jsonb_build_object('archived', u.archived_at is not null, 'person', p.email))::text as line
  from saas_user u join person p on p.id = u.person_id where u.person_id in (${touchedPeople})`;

const linkLines = `
  select jsonb_build_object('key', l.vendor_key, 'person', p.email, 'saasUser', u.external_id, 'active', l.active,
           'missingRuns', l.missing_runs, 'hash', l.content_hash is not null, 'lastSeen', l.last_seen_at is not null,
           'firstRun', l.first_run_id)::text as line
  from link l join person p on p.id = l.person_id left join saas_user u on u.id = l.saas_user_id
  where l.integration_id = $1`;

const runLines = `
  select jsonb_build_object('run', id, 'kind', kind, 'of', of_run_id, 'trigger', trigger, 'status', status, 'stage', stage,
           'counts', counts, 'coverage', coverage, 'error', error, 'plan', plan, 'guard', guard, 'pages', progress -> 'pages',
           'records', progress -> 'records', 'decision', decision_reason, 'applied', applied_at is not null,
           'sealed', chain_hash is not null, 'checkpoint', checkpoint, 'lease', lease)::text as line
  from run where integration_id = $1`;

// Of the documents, what names rows by their id or time says only whether there is one.
const changeLines = `
  select jsonb_build_object('run', run_id, 'key', vendor_key, 'kind', kind, 'reason', reason, 'withheld', withheld,
           'before', (before #- '{link,hash}' #- '{link,saasUserId}' #- '{link,lastSeenAt}'),
           'after', (after #- '{link,hash}' #- '{link,saasUserId}' #- '{link,lastSeenAt}'),
           'person', p.email)::text as line
  from change c left join person p on p.id = c.person_id where c.integration_id = $1`;

const errorLines = `
  select (to_jsonb(e) - '{id,details}'::text[])::text as line
  from run_error e where run_id in (select id from run where integration_id = $1)`;

const messageLines = `
  select jsonb_build_object('kind', m.kind, 'trigger', m.trigger, 'run', m.run_id, 'next', m.next_step,
           'told', (select count(*) from notification n where n.message_id = m.id),
           'queued', (select count(*) from outbox o where o.message_id = m.id))::text as line
  from message m where m.integration_id = $1`;
