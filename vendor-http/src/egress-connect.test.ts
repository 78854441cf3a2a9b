import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import fc from "fast-check";
import { never, sendJson, withClient, withVendor } from "../test/fake-vendor.ts";
import { guardedLookup, type ResolveName } from "./egress-connect.ts";
import { parseEgressAllow, publicOnly } from "./egress-policy.ts";
import { whyNotPublic } from "./ip-address.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 300);

describe("guardedLookup", () => {
  test("G25 one answer that is not public refuses the name; otherwise exactly the checked answers are connected to", async () => {
    const answer = fc.oneof(
      fc.constantFrom("8.8.8.8", "1.1.1.1", "2606:4700::1111"),
      fc.constantFrom("127.0.0.1", "10.0.0.1", "::1", "169.254.169.254", "fe80::1%lo", "::ffff:8.8.8.8"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (addresses) => {
        const result = await lookUp(publicOnly, answering(addresses));
        if (addresses.every((address) => whyNotPublic(address) === null)) {
          assert.deepEqual(result, { answers: addresses });
        } else {
          assert.equal(result.error instanceof ProductError && result.error.code, "egress.denied");
        }
      }),
      { numRuns },
    );
  });

  test("a name without an answer is an error", async () => {
    assert.match(String((await lookUp(publicOnly, answering([]))).error), /No address/);
  });
});

describe("connecting", () => {
  test("G25 a name that resolves to a private address is denied and not one byte is sent", async () => {
    await withVendor(
      (_, response) => sendJson(response, {}),
      async (vendor) => {
        await withClient({ policy: publicOnly, resolve: answering(["127.0.0.1"]) }, async (client) => {
          const url = `https://rebind.example:${vendor.port}/`;
          await assert.rejects(client.requestJson({ method: "GET", url, signal: never }), { code: "egress.denied" });
        });
        assert.equal(vendor.connections(), 0);
      },
    );
  });

  test("G25 the name is resolved once, and the connection goes to that answer", async () => {
    await withVendor(
      (_, response) => sendJson(response, { ok: true }),
      async (vendor) => {
        let calls = 0;
        const resolve: ResolveName = (host, options, callback) => {
          calls += 1;
          // A second look-up would be led elsewhere.
          answering(calls === 1 ? ["127.0.0.1"] : ["169.254.169.254"])(host, options, callback);
        };
        const policy = parseEgressAllow(`hr.corp.example:${vendor.port}`);
        await withClient({ policy, resolve, maxConcurrent: 1 }, async (client) => {
          const url = `http://hr.corp.example:${vendor.port}/`;
          for (let n = 0; n < 3; n += 1) {
            const answer = await client.requestJson({ method: "GET", url, signal: never });
            assert.deepEqual(answer.body, { ok: true });
          }
        });
        assert.equal(calls, 1);
        assert.equal(vendor.connections(), 1);
        assert.equal(vendor.seen[0]?.headers.host, `hr.corp.example:${vendor.port}`);
      },
    );
  });

  test("G25 an IP literal, for which no look-up is made, is denied all the same", async () => {
    await withVendor(
      (_, response) => sendJson(response, {}),
      async (vendor) => {
        await withClient({ policy: publicOnly }, async (client) => {
          for (const host of ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost", "127.0.0.1."]) {
            for (const scheme of ["http", "https"]) {
              const url = `${scheme}://${host}:${vendor.port}/`;
              await assert.rejects(client.requestJson({ method: "GET", url, signal: never }), {
                code: "egress.denied",
              });
            }
          }
        });
        assert.equal(vendor.connections(), 0);
      },
    );
  });
});

function answering(addresses: readonly string[]): ResolveName {
  const answers: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return (_host, _options, callback) => setImmediate(callback, null, answers);
}

function lookUp(policy: typeof publicOnly, resolve: ResolveName): Promise<{ answers?: string[]; error?: Error }> {
  return new Promise((settle) => {
    guardedLookup(policy, 443, resolve)("api.example.com", { all: true }, (error, answers) => {
      if (error) settle({ error });
      else settle({ answers: typeof answers === "string" ? [answers] : answers.map(({ address }) => address) });
    });
  });
}
