import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { furnishConsole } from "./e2e/furnish-console.ts";
import { openConsole } from "./e2e/open-console.ts";
import { takeScreenshot } from "./e2e/take-screenshot.ts";

/**
 * `npm run screenshots [-- name …]`: every page of the console (or those named), at a desk in light and on a phone in dark, from a product
 * that has been in use for a few runs. Written to docs/screenshots.
 */

const folder = join(import.meta.dirname, "..", "docs", "screenshots");
await mkdir(folder, { recursive: true });

await using opened = await openConsole({ sandbox: { users: 240, population: "plain" } });
const { rollcall, context, page } = opened;
await using furnished = await furnishConsole(rollcall);
const { integrationId, softwareId, personId, destinationId, reviewRunId, localRunId } = furnished;

const pages: readonly (readonly [name: string, address: string])[] = [
  ["home", "/"],
  ["people", "/people"],
  ["person", `/people/${personId}`],
  ["person-why", `/people/${personId}?tab=why`],
  ["runs", "/runs"],
  ["run-needs-review", `/runs/${reviewRunId}`],
  ["run-of-a-runner", `/runs/${localRunId}`],
  ["saas", "/saas"],
  ["application-users", `/saas/${softwareId}`],
  ["application-statistics", `/saas/${softwareId}?tab=statistics`],
  ["catalog", "/catalog"],
  ["integrations", "/integrations"],
  ["integration", `/integrations/${integrationId}`],
  ["mapping", `/integrations/${integrationId}/mapping`],
  ["destinations", "/destinations"],
  ["destination", `/destinations/${destinationId}`],
  ["destination-settings", `/destinations/${destinationId}?edit=settings`],
  ["runners", "/runners"],
  ["credentials", "/credentials"],
  ["api-tokens", "/api-tokens"],
  ["audit", "/audit"],
  ["fields", "/fields"],
  ["accounts", "/accounts"],
  ["settings", "/settings"],
];
const wanted = process.argv.slice(2);
for (const [width, height, scheme] of [
  [1440, 950, "light"],
  [375, 800, "dark"],
] as const) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
  for (const [name, address] of pages.filter(([each]) => wanted.length === 0 || wanted.includes(each))) {
    await takeScreenshot(page, address, join(folder, `${name}-${width}-${scheme}.png`));
    console.log(`${name} ${width} ${scheme}`);
  }
}
await context.close();
