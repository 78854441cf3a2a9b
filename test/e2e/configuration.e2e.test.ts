import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { InvitedAccount } from "@rollcall/core/contract/accounts.ts";
import type { Credential } from "@rollcall/core/contract/credentials.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { openConsole } from "./open-console.ts";

const plain = { users: 20, population: "plain" } as const;

describe("the console around the inventory", () => {
  test("every page, empty and filled, is accessible in dark and light at both widths", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    await checkAccessibility(page, ["/", "/welcome", "/credentials", "/integrations", "/notifications"]);

    const integration = await rollcall.launch({ name: "Legal", deactivate: true });
    await rollcall.run(integration.id);
    rollcall.sandbox.setCredentials({ clientId: "another", clientSecret: "one" });
    await rollcall.run(integration.id);
    rollcall.sandbox.setCredentials({ clientId: "sandbox-client", clientSecret: "sandbox-secret" });
    await rollcall.api("PATCH", `/integrations/${integration.id}`, {
      filter: {
        mode: "if",
        rules: {
          all: [
            { field: "email", operator: "not-empty" },
            { any: [{ field: "role", operator: "in-list", value: ["owner"] }] },
          ],
        },
      },
    });
    await must(
      rollcall.api("POST", "/credentials", {
        name: "Old",
        kind: "bearer",
        values: { token: "t0ken" },
        expiresOn: "2020-01-01",
      }),
    );
    const draft = await must(
      rollcall.api<{ id: string }>("POST", "/integrations", { name: "Draft", connector: "ironclad-clickwrap" }),
    );

    const one = `/integrations/${integration.id}`;
    await checkAccessibility(page, [
      "/",
      "/notifications",
      "/profile",
      "/credentials",
      "/credentials/new",
      "/credentials/new?kind=ironclad-clickwrap",
      `/credentials/${integration.credentialId}`,
      "/integrations",
      "/integrations?view=list",
      "/integrations?view=mappings",
      one,
      `${one}?edit=details`,
      `${one}?edit=credential`,
      `${one}?edit=schedule`,
      `${one}/mapping`,
      `${one}/revisions`,
      `/integrations/${draft.id}`,
      "/fields",
      "/accounts",
      "/settings",
      "/nothing-here",
      "/integrations/nothing-here",
    ]);
    await page.context().clearCookies();
    await checkAccessibility(page, ["/sign-in", "/start#token", "/invitation#token"]);
    assert.deepEqual(console.complaints, []);
  });

  test("a credential that the vendor refuses is explained, replaced, and not deleted while it is used", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const { sandbox } = rollcall;
    const integration = await rollcall.launch({ name: "Legal" });
    sandbox.setCredentials({ clientId: "sandbox-client", clientSecret: "a-new-secret" });

    await page.goto("/credentials");
    await page.getByRole("row").nth(1).click();
    await page.getByRole("button", { name: "Test" }).click();
    await page.getByText("The connection test failed").waitFor();
    await page.getByText("Next step:").waitFor();

    await page.getByRole("button", { name: "Replace" }).click();
    const replace = page.getByRole("dialog");
    assert.equal(await replace.getByLabel("Client secret").inputValue(), "");
    await replace.getByLabel("Client secret").fill("a-new-secret");
    await replace.getByRole("button", { name: "Replace" }).click();
    await replace.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Test" }).click();
    await page.getByText("The connection test passed").waitFor();

    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page
      .getByRole("alert")
      .getByText(/is used by "Legal"/)
      .waitFor();
    const { body } = await rollcall.api<Credential>("GET", `/credentials/${integration.credentialId}`);
    assert.equal(body.hints.clientSecret, "•••• cret");
  });

  test("a vendor out of the list is added in advanced mode", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    await page.goto("/credentials/new");
    await page.getByRole("searchbox", { name: "Search vendors" }).fill("no such vendor");
    await page.getByText("No vendor is called “no such vendor”.").waitFor();
    await page.getByRole("button", { name: "API key" }).click();
    await page.getByLabel("Name", { exact: false }).first().fill("Another vendor");
    await page.getByRole("textbox", { name: "Key", exact: false }).first().fill(" with a space");
    await page.getByLabel("Name of the header or parameter").fill("X-Api-Key");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/must not begin or end with a space/).waitFor();
    await page.getByRole("textbox", { name: "Key", exact: false }).first().fill("k-12345678");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "Another vendor" }).waitFor();
    assert.equal((await rollcall.api<ListOf<Credential>>("GET", "/credentials")).body.data[0]?.kind, "api-key");
  });

  test("a vendor that fails is told at every step: preview, launch, and a server that is gone", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const { sandbox } = rollcall;
    const credential = await must(
      rollcall.api<{ id: string }>("POST", "/credentials", {
        name: "Legal",
        kind: "ironclad-clickwrap",
        values: { clientId: "sandbox-client", clientSecret: "sandbox-secret" },
      }),
    );
    const draft = await must(
      rollcall.api<{ id: string }>("POST", "/integrations", {
        name: "Legal",
        connector: "ironclad-clickwrap",
        credentialId: credential.id,
        inputs: { baseUrl: sandbox.url },
      }),
    );
    sandbox.addFaults([{ call: "*", count: "always", fault: { kind: "status", status: 500 } }]);
    await page.goto(`/integrations/${draft.id}/mapping`);
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();

    await page.goto(`/integrations/${draft.id}`);
    await page.getByRole("button", { name: "Launch" }).click();
    await page
      .getByRole("alert")
      .getByText(/The connection test of integration Legal failed/)
      .waitFor();

    sandbox.clearFaults();
    await page.goto(`/integrations/${draft.id}/mapping`);
    await page.getByText("20 of the last 20 fetched records pass").waitFor();

    await page.route("**/api/v1/credentials*", (route) => route.abort());
    await page.goto("/credentials");
    await page.getByRole("alert").getByText("The server does not answer.").waitFor();
    await page.unroute("**/api/v1/credentials*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("row", { name: /Legal/ }).waitFor();
  });

  test("without a sandbox its command is shown, and nothing is left behind; with one it is connected", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    await page.goto("/welcome");
    await page.getByText("npm run sandbox").waitFor();
    await page.getByLabel("Address of the sandbox").fill("http://127.0.0.1:9");
    await page.getByRole("button", { name: "Try with the sandbox" }).click();
    await page.getByText("The connection test failed").waitFor();
    assert.equal((await rollcall.api<ListOf<Credential>>("GET", "/credentials")).body.total, 0);
    await page.getByLabel("Address of the sandbox").fill(rollcall.sandbox.url);
    await page.getByRole("button", { name: "Try with the sandbox" }).click();
    await page.getByRole("heading", { level: 1, name: "Clickwrap (sandbox)" }).waitFor();
    await page.getByRole("button", { name: "Launch" }).click();
    await page.getByText("Clickwrap (sandbox) is launched").waitFor();
  });

  test("an invited viewer chooses a password, sees what the role allows and why the rest cannot be pressed", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    await rollcall.launch({ name: "Legal" });
    await page.goto("/accounts");
    await page.getByRole("button", { name: "Add an account" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Grace Hopper");
    await dialog.getByLabel("E-mail").fill("grace@example.com");
    await dialog.getByRole("button", { name: "Add the account" }).click();
    const link = await page.getByRole("dialog", { name: "The link for Grace Hopper" }).getByLabel("Link").inputValue();

    await page.context().clearCookies();
    await page.goto(new URL(link).pathname + new URL(link).hash);
    await page.getByRole("textbox", { name: "Password" }).fill("four unrelated words");
    await page.getByRole("textbox", { name: "The same again" }).fill("four unrelated words");
    await page.getByRole("button", { name: "Choose and sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();

    assert.equal(await page.getByRole("link", { name: "Settings" }).count(), 0);
    await page.goto("/settings");
    await page.getByRole("heading", { name: "Your role does not include this" }).waitFor();
    await page.goto("/credentials");
    const add = page.getByRole("button", { name: "Add new credential" });
    assert.equal(await add.getAttribute("aria-disabled"), "true");
    await add.focus();
    await page.getByRole("tooltip").getByText("Your role does not include this.").waitFor();
  });

  test("somebody who is not signed in comes back to where they wanted to go, and signs out again", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const account = await must(
      rollcall.api<InvitedAccount>("POST", "/accounts", {
        email: "joan@example.com",
        name: "Joan Clarke",
        role: "viewer",
      }),
    );
    const token = new URL(account.inviteLink).hash.slice(1);
    await must(rollcall.api("POST", "/invitation", { token, password: "four unrelated words" }));
    await page.context().clearCookies();
    await page.goto("/fields");
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.getByLabel("E-mail").fill("joan@example.com");
    await page.getByRole("textbox", { name: "Password" }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByRole("textbox", { name: "Password" }).fill("four unrelated words");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Inventory fields" }).waitFor();

    await page.getByRole("button", { name: "Profile of Joan Clarke" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.goto("/");
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  });

  test("the menu, the theme and the skip link work with the keyboard on a narrow screen", async () => {
    await using console = await openConsole({ sandbox: plain, width: 375 });
    const { page } = console;
    await page.goto("/");
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("main:focus").waitFor({ state: "attached" });

    await page.getByRole("button", { name: "Open the menu" }).click();
    await page.getByRole("link", { name: "Credentials" }).click();
    await page.getByRole("heading", { level: 1, name: "Credentials" }).waitFor();
    assert.equal(await page.title(), "Credentials · Rollcall");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();

    await page.getByRole("button", { name: /^Profile of/ }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
    await page.reload();
    await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
  });

  test("the first load needs less than 300 kB of script, gzipped", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal" });
    await rollcall.run(integration.id);
    const scripts: Promise<number>[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() !== "script") return;
      scripts.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto("/");
    await page.getByRole("heading", { name: "Users and deactivations" }).waitFor();
    const sizes = await Promise.all(scripts);
    const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000;
    assert.ok(sizes.length > 0 && kilobytes < 300, `${kilobytes} kB in ${sizes.length} files`);
  });
});
