import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkConnector } from "./check-connector.ts";
import type { ConnectorFolder } from "./connector-folder.ts";
import { findSecrets } from "./find-secrets.ts";
import { smallestManifest } from "./manifest-examples.ts";

type Body = { users?: unknown; more?: unknown };

function page(number: number, ids: readonly number[], more: boolean): { file: string; content: unknown } {
  const users = ids.map((id) => ({ id, email: `u${id}@example.com` }));
  const request = { path: "/v2/users", query: { page: String(number), size: "2" } };
  return { file: `${number}.json`, content: { request, status: 200, body: { users, more } satisfies Body } };
}

function expectedRecord(id: number) {
  const email = `u${id}@example.com`;
  return {
    key: String(id),
    activity: "unknown",
    syncKeys: [email],
    person: { email, username: email, role: "User" },
    saas: {},
  };
}

function aFolder(
  changes: Partial<ConnectorFolder> = {},
  scenario: Partial<ConnectorFolder["scenarios"][number]> = {},
): ConnectorFolder {
  return {
    id: "acme",
    manifest: smallestManifest,
    readme: "# Acme\n\nAPI address, Page size",
    scenarios: [
      {
        name: "two-pages",
        inputs: { about: "Two pages.", inputs: { perPage: 2 } },
        recordings: [page(1, [1, 2], true), page(2, [3], false)],
        expected: { coverage: "complete", records: [1, 2, 3].map(expectedRecord) },
        ...scenario,
      },
    ],
    ...changes,
  };
}

const failed = (folder: ConnectorFolder) => checkConnector(folder).flatMap((check) => (check.ok ? [] : [check.name]));

describe("the contract suite", () => {
  test("passes a connector that keeps the contract", () => {
    assert.deepEqual(
      checkConnector(aFolder()).filter((check) => !check.ok),
      [],
    );
  });

  const faults: readonly [string, ConnectorFolder, string][] = [
    [
      "an invalid manifest",
      aFolder({ manifest: { ...smallestManifest, users: "people" } }),
      "the manifest follows the schema and its rules",
    ],
    ["another folder's name", aFolder({ id: "acme-2" }), "the folder is named after the id"],
    ["no README", aFolder({ readme: null }), "the README explains every input"],
    ["a README that leaves out an input", aFolder({ readme: "API address" }), "the README explains every input"],
    ["no recordings", aFolder({ scenarios: [] }), "the folder has recordings"],
    [
      "an invented last activity",
      aFolder({
        manifest: {
          ...smallestManifest,
          notProvided: [{ field: "lastActivity", because: "It is not documented." }],
          defaultMapping: [...smallestManifest.defaultMapping, { source: "email", target: "saas.lastActivity" }],
        },
      }),
      "what the vendor does not provide is not mapped",
    ],
    [
      "a mapping to a field that no installation has",
      aFolder({
        manifest: {
          ...smallestManifest,
          defaultMapping: [...smallestManifest.defaultMapping, { source: "email", target: "mail2" }],
        },
      }),
      "the default mapping compiles",
    ],
    ["no expectation", aFolder({}, { expected: null }), "two-pages: its files are well formed"],
    [
      "inputs that do not fit",
      aFolder({}, { inputs: { about: "x", inputs: { perPage: 0 } } }),
      "two-pages: its inputs fit the form",
    ],
    [
      "a page that is not recorded",
      aFolder({}, { recordings: [page(1, [1, 2], true)] }),
      "two-pages: every page it asks for is recorded, and no other",
    ],
    [
      "a page that is never asked for",
      aFolder({}, { recordings: [page(1, [1, 2], true), page(2, [3], false), page(3, [4], false)] }),
      "two-pages: every page it asks for is recorded, and no other",
    ],
    [
      "an end that is not proven",
      aFolder({}, { recordings: [page(1, [1], true), page(2, [3], false)] }),
      "two-pages: the end of every listing is proven as expected",
    ],
    [
      "a gap that is expected but not there",
      aFolder({}, { expected: { coverage: ["paging.short_page"], records: [1, 2, 3].map(expectedRecord) } }),
      "two-pages: the end of every listing is proven as expected",
    ],
    [
      "a record that is not expected",
      aFolder({}, { expected: { coverage: "complete", records: [1, 2].map(expectedRecord) } }),
      "two-pages: the default mapping gives what is expected",
    ],
    [
      "a status in neither list",
      aFolder({
        manifest: { ...smallestManifest, activity: { kind: "field", path: "/email", active: ["x"], inactive: ["y"] } },
      }),
      "two-pages: every status is mapped",
    ],
    [
      "two records of one key",
      aFolder(
        {},
        {
          recordings: [
            page(1, [1, 2], true),
            {
              file: "2.json",
              content: {
                ...(page(2, [2], false).content as object),
                body: { users: [{ id: 2, email: "other@example.com" }], more: false },
              },
            },
          ],
        },
      ),
      "two-pages: keys are unique",
    ],
  ];
  for (const [fault, folder, name] of faults) {
    test(`notices ${fault}`, () => assert.ok(failed(folder).includes(name), JSON.stringify(failed(folder))));
  }

  test("notices a connector under which a vanished array would read as an empty account", () => {
    const users = {
      ...smallestManifest.streams.users,
      pagination: { kind: "single", because: "Somebody thought so, wrongly." },
      recordsAbsentWhenZero: "/errors",
      mayBeEmpty: true,
    };
    const body = { users: [{ id: 1, email: "u1@example.com" }], errors: 0 };
    const folder = aFolder(
      { manifest: { ...smallestManifest, streams: { users } } },
      {
        inputs: { about: "One page.", inputs: {} },
        recordings: [{ file: "1.json", content: { request: { path: "/v2/users" }, status: 200, body } }],
        expected: { coverage: "complete", records: [expectedRecord(1)] },
      },
    );
    assert.deepEqual(failed(folder), ["two-pages: planted faults are noticed"]);
  });
});

describe("secrets in recordings", () => {
  test("are found by their look", () => {
    const texts = [
      '{"authorization":"Bearer abcdefgh12345"}',
      '{"access_token":"x"}',
      '{"client_secret":"x"}',
      '{"password":"x"}',
      '"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x"',
      '"aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3"',
      '"someone@company.com"',
      "-----BEGIN RSA PRIVATE KEY-----",
    ];
    for (const text of texts) assert.notDeepEqual(findSecrets(text), [], text);
  });

  test("are not seen in ids, times and example addresses", () => {
    const text =
      '{"id":"557b4f08e1f61b9484f2296b","key":"2819c223-7f76-453a-919d-413861904646","email":"a.b@mail.example.com","at":"2015-06-12T21:29:46.955Z"}';
    assert.deepEqual(findSecrets(text), []);
  });
});
