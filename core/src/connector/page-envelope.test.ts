import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { pageEnvelope } from "./page-envelope.ts";
import { advanceListing, startListing } from "./paginate.ts";
import { aCursor, aNextLink, aPage, aPageNumber, aStartIndex } from "./test-pages.ts";

const runs = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 300) };

const scalar = fc.oneof(
  fc.integer({ min: -1, max: 9 }),
  fc.boolean(),
  fc.constantFrom(null, "", "abc", "/users?after=2", "https://api.example.com/users?page=2", 1.5),
);
const value = fc.oneof({ weight: 5, arbitrary: scalar }, fc.constantFrom([], {}, [1], { id: 1 }));

/** A body that has, lacks or garbles what paging looks for, beside things that it does not. */
const bodies = fc.oneof(
  { weight: 1, arbitrary: value },
  {
    weight: 12,
    arbitrary: fc.record(
      {
        page: value,
        per_page: value,
        count: value,
        total: value,
        has_more: value,
        totalResults: value,
        startIndex: value,
        itemsPerPage: value,
        paging: fc.oneof(value, fc.record({ next: value, secret: fc.constant("s3cret") }, { requiredKeys: [] })),
        links: fc.oneof(value, fc.record({ next: value, secret: fc.constant("s3cret") }, { requiredKeys: [] })),
        data: fc.array(fc.record({ email: fc.constant("ada@example.com") }), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
  },
);

const kinds = {
  "numbered pages": aPageNumber(),
  "SCIM pages": aStartIndex(),
  cursors: aCursor({ sizeParam: "limit", size: 2, total: "/total" }),
  "a cursor at the root": aCursor({ container: "", cursor: "/paging/next" }),
  links: aNextLink(),
} as const;

describe("the envelope of a page", () => {
  for (const [name, pagination] of Object.entries(kinds)) {
    test(`brings paging to the same verdict as the body, with ${name}`, () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(bodies, fc.nat(3)), { minLength: 1, maxLength: 4 }), (pages) => {
          let whole = startListing(pagination, { size: 2, maxPages: 100 });
          let bare = whole;
          for (const [index, [body, count]] of pages.entries()) {
            const ids = Array.from({ length: count }, (_, id) => index * 10 + id);
            ({ state: whole } = advanceListing(pagination, whole, aPage(ids, body)));
            const envelope: unknown = JSON.parse(JSON.stringify(pageEnvelope(pagination, body) ?? null));
            ({ state: bare } = advanceListing(pagination, bare, aPage(ids, envelope)));
            assert.deepEqual(bare, whole);
          }
        }),
        runs,
      );
    });
  }

  test("holds nothing of the records and no text that is neither cursor nor link", () => {
    fc.assert(
      fc.property(bodies, fc.constantFrom(...Object.values(kinds)), (body, pagination) => {
        assert.doesNotMatch(JSON.stringify(pageEnvelope(pagination, body)) ?? "", /s3cret|ada@/);
      }),
      runs,
    );
    const body = { page: "Ada", count: ["Ada"], total: { name: "Ada" }, has_more: true };
    assert.deepEqual(pageEnvelope(aPageNumber(), body), { page: "", count: [], total: {}, has_more: true });
  });

  test("follows pointers into lists and escaped names, and never what is inherited", () => {
    const pagination = aPageNumber({ total: "/meta/1/a~1b", hasMore: "/toString", echo: {} });
    assert.deepEqual(pageEnvelope(pagination, { meta: [{ x: 1 }, { "a/b": 7 }] }), { meta: [null, { "a/b": 7 }] });
  });
});
