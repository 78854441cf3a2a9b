import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ProductError } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import { smallestManifest } from "./manifest-examples.ts";
import { parseManifest } from "./parse-manifest.ts";
import { resolveRequest, resolveTokenRequest } from "./resolve-request.ts";

const page = { kind: "params", params: { page: "2" } } as const;
const inputs = { baseUrl: "https://api.example.com/root/", perPage: 100, team: null };

function aManifest(path: readonly unknown[], query: Readonly<Record<string, unknown>> = {}): Manifest {
  const parsed = parseManifest(smallestManifest);
  if (parsed.kind === "invalid") throw new Error("the smallest manifest is valid");
  const users = parsed.manifest.streams.users as Manifest["streams"][string];
  const request = { ...users.request, path, query } as typeof users.request;
  return { ...parsed.manifest, streams: { users: { ...users, request } } };
}

function urlFor(parent: string | null, from = "parent", query: Readonly<Record<string, unknown>> = {}): string {
  const manifest = aManifest(["teams", { from }, "users"], query);
  return resolveRequest(manifest, "users", { inputs, parent }, page).url;
}

const unresolved = (error: unknown) => error instanceof ProductError && error.code === "connector.unresolved";

describe("a request", () => {
  test("is the base address, the encoded segments, the query and the paging parameters", () => {
    assert.equal(urlFor("7"), "https://api.example.com/root/v2/teams/7/users?page=2");
    assert.equal(urlFor("a b/c?d#e%2f"), "https://api.example.com/root/v2/teams/a%20b%2Fc%3Fd%23e%252f/users?page=2");
  });

  test("leaves out a query parameter whose input is empty", () => {
    const query = { team: { from: "inputs.team" }, size: { from: "inputs.perPage" }, all: true };
    assert.equal(
      urlFor("7", "parent", query),
      "https://api.example.com/root/v2/teams/7/users?size=100&all=true&page=2",
    );
  });

  test("is refused when a segment is missing or could climb", () => {
    for (const parent of ["", ".", "..", null, "\ud800"])
      assert.throws(() => urlFor(parent), unresolved, String(parent));
    assert.throws(() => urlFor("7", "inputs.team"), unresolved);
    assert.throws(() => urlFor("7", "inputs.unread"), unresolved);
  });

  test("never leaves its own path, whatever the vendor's id is", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(".", "/", "\\", "%", "2", "e", "@", ":", "\t") })),
        (parent) => {
          let url: string;
          try {
            url = urlFor(parent);
          } catch (error) {
            if (unresolved(error)) return;
            throw error;
          }
          const { origin, pathname } = new URL(url);
          assert.equal(origin, "https://api.example.com");
          const segments = pathname.split("/");
          assert.deepEqual([segments.length, segments[3], segments[5]], [6, "teams", "users"]);
          assert.equal(decodeURIComponent(segments[4] ?? ""), parent);
        },
      ),
      { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 500) },
    );
  });

  test("follows an address the vendor gave only on the API's own host", () => {
    const manifest = aManifest(["users"]);
    const scope = { inputs, parent: null };
    const url = "https://api.example.com/elsewhere?cursor=1";
    assert.equal(resolveRequest(manifest, "users", scope, { kind: "url", url }).url, url);
    const other = "https://api.example.com.evil.net/users";
    assert.throws(() => resolveRequest(manifest, "users", scope, { kind: "url", url: other }), unresolved);
  });
});

describe("a token request", () => {
  test("takes its format from the manifest or from inputs", () => {
    const authorization = {
      kind: "oauth2-client-credentials",
      label: "Client",
      fields: { clientId: { label: "ID", secret: false }, clientSecret: { label: "Secret", secret: true } },
      tokenUrl: { base: { from: "inputs.baseUrl" }, path: ["oauth", "token"] },
      encoding: { from: "inputs.encoding" },
      clientAuthentication: "basic",
    } as const;
    const resolved = resolveTokenRequest(
      { ...authorization, tokenUrl: { ...authorization.tokenUrl, path: ["oauth", "token"] } },
      { ...inputs, encoding: "json" },
    );
    assert.deepEqual(resolved, {
      url: "https://api.example.com/root/oauth/token",
      encoding: "json",
      clientAuthentication: "basic",
      scope: null,
    });
  });
});
