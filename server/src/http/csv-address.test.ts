import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readCsvAddress } from "./csv-address.ts";

describe("an address ending in .csv", () => {
  test("is the list without the ending, asked for as CSV", () => {
    const request = { url: "/api/v1/people.csv?status=active&q=a.csv", headers: { accept: "text/html" } };
    assert.equal(readCsvAddress(request), "/api/v1/people?status=active&q=a.csv");
    assert.equal(request.headers.accept, "text/csv");
  });

  test("is left alone outside of the API and in a query", () => {
    for (const url of ["/report.csv", "/api/v1/people?q=a.csv", "/api/v1/people"]) {
      const request = { url, headers: { accept: "application/json" } };
      assert.equal(readCsvAddress(request), url);
      assert.equal(request.headers.accept, "application/json");
    }
  });
});
