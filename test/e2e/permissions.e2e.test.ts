import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { InvitedAccount } from "@rollcall/core/contract/accounts.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { furnishConsole } from "./furnish-console.ts";
import { openConsole } from "./open-console.ts";

describe("a viewer", () => {
  test("sees every page that the role includes, and no button there does anything but say why not", async () => {
    await using console = await openConsole({ sandbox: { users: 20, population: "plain" } });
    const { page, rollcall } = console;
    await using furnished = await furnishConsole(rollcall);
    const { integrationId, localId, softwareId, credentialId, personId, destinationId, reviewRunId } = furnished;
    const invited = await must(
      rollcall.api<InvitedAccount>("POST", "/accounts", { email: "vi@example.com", name: "Vi Viewer", role: "viewer" }),
    );
    const token = new URL(invited.inviteLink).hash.slice(1);
    await page.context().clearCookies();
    const accepted = await page.request.post("/api/v1/invitation", {
      data: { token, password: "four unrelated words" },
    });
    assert.equal(accepted.ok(), true);
    const refused: string[] = [];
    page.on("response", (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${new URL(response.url()).pathname}`);
    });

    const pages = [
      "/",
      "/people",
      `/people/${personId}`,
      `/people/${personId}?tab=why`,
      "/saas",
      `/saas/${softwareId}`,
      `/saas/${softwareId}?tab=information`,
      `/saas/${softwareId}?tab=removal`,
      "/catalog",
      "/integrations",
      `/integrations/${integrationId}`,
      `/integrations/${integrationId}?edit=details`,
      `/integrations/${localId}`,
      `/integrations/${integrationId}/revisions`,
      "/destinations",
      "/destinations/new",
      `/destinations/${destinationId}`,
      `/destinations/${destinationId}?edit=settings`,
      "/runners",
      "/credentials",
      `/credentials/${credentialId}`,
      "/api-tokens",
      "/fields",
      "/accounts",
      "/runs",
      `/runs/${reviewRunId}`,
      "/notifications",
      "/profile",
    ];
    const main = page.getByRole("main");
    for (const address of pages) {
      await page.goto(address);
      await main.getByRole("heading", { level: 1 }).waitFor();
      await main.locator(".mantine-Skeleton-root").first().waitFor({ state: "detached" });
      await page.waitForLoadState("networkidle");
      assert.equal(await main.getByText("Something went wrong").count(), 0, address);
      const enabled = await main.getByRole("button", { name: changing, disabled: false }).all();
      const free = [];
      for (const button of enabled) {
        if ((await button.getAttribute("aria-disabled")) !== "true") free.push(await button.textContent());
      }
      assert.deepEqual(free, [], address);
    }
    assert.deepEqual(refused, []);

    for (const address of ["/settings", "/audit"]) {
      await page.goto(address);
      await main.getByRole("heading", { name: "Your role does not include this" }).waitFor();
    }
    await checkAccessibility(page, ["/audit", `/destinations/${destinationId}`, "/runners"]);
    assert.deepEqual(console.complaints, []);
  });
});

/** Words of buttons that change something; a viewer's own tokens, password and notifications are theirs to change. */
const changing =
  /^(Add (?!a token)|New |Edit|Delete|Replace|Test|Launch|Run |Preview|Approve|Reject|Undo|Retry|Revoke |Re-synch|Deactivate|Activate|Archive|Restore|Save (?!a)|Link|Unlink)/;
