import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { pressEnterOn, tabTo } from "./keyboard.ts";
import { openConsole } from "./open-console.ts";

const plain = { users: 60, population: "plain" } as const;

describe("runs", () => {
  test("the whole way by mouse: a live run, people, users, the guard, its approval, and the undo", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal", deactivate: true, inputs: { perPage: 2 } });
    await rollcall.run(integration.id);

    // A live run.
    rollcall.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "slow", delayMs: 900 } }]);
    await page.goto("/runs");
    await page.getByRole("row", { name: /Legal/ }).click();
    await page.getByRole("button", { name: "Run again…" }).click();
    await page.getByRole("dialog", { name: "Run Legal now?" }).getByRole("button", { name: "Run now" }).click();
    await page.getByRole("heading", { name: "Reading from the vendor" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await page
      .getByRole("definition")
      .filter({ hasText: /^\d+ of 60$/ })
      .waitFor();
    rollcall.sandbox.clearFaults();
    await page.getByRole("main").getByText("Completed", { exact: true }).waitFor();
    await page.getByText("60 unchanged").waitFor();

    // People.
    await page.getByRole("link", { name: "People" }).click();
    await page.getByText("60 people").waitFor();
    const person = await somebody(rollcall);
    await page.getByRole("searchbox", { name: "Search name, email, username" }).fill(person.email);
    await page.getByText("1 person").waitFor();
    await page.getByRole("row", { name: person.email }).click();
    await page.getByRole("heading", { level: 1, name: person.fullName ?? "" }).waitFor();

    // SaaS > Users: off and on again by hand.
    await page.getByRole("link", { name: "SaaS" }).click();
    await page.getByRole("row", { name: /Ironclad Clickwrap/ }).click();
    await page.getByRole("searchbox", { name: "Search by name or email" }).fill(person.email);
    await page.getByText("1 user").waitFor();
    await page.getByRole("button", { name: `Deactivate ${person.fullName}`, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }).click();
    await page.getByRole("row").getByText("Deactivated", { exact: true }).waitFor();
    await page.getByRole("button", { name: `Activate ${person.fullName}`, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Activate", exact: true }).click();
    await page.getByRole("row").getByText("Active", { exact: true }).waitFor();

    // The guard.
    rollcall.sandbox.removeUsers({ count: 20 });
    const guarded = await rollcall.run(integration.id);
    assert.equal(guarded.status, "needs_review");
    await page.goto(`/runs/${guarded.id}`);
    await page.getByRole("heading", { name: "Deactivations wait for your decision" }).waitFor();
    await page.getByRole("combobox", { name: "Withheld or not" }).selectOption("Withheld only");
    await page.getByText("20 changes").waitFor();
    await page.getByRole("button", { name: "Approve…" }).click();
    const approval = page.getByRole("dialog", { name: "Approve this plan?" });
    assert.equal(await approval.getByRole("button", { name: "Approve" }).isDisabled(), true);
    await approval.getByRole("textbox").fill("They left with the spin-off");
    await approval.getByRole("button", { name: "Approve" }).click();
    await page.getByText("the deactivations after they were approved").waitFor();
    await page.getByRole("main").getByText("They left with the spin-off").waitFor();

    // The undo, and the way back from the undone run.
    await page.getByRole("button", { name: "Undo…" }).click();
    const undo = page.getByRole("dialog", { name: "Undo this run?" });
    await undo.getByText("20 people deactivated by this run become active again.").waitFor();
    await undo.getByRole("button", { name: "Undo the run" }).click();
    await page.getByRole("heading", { level: 1, name: "Undo of Legal" }).waitFor();
    await page.getByRole("main").getByText("Completed", { exact: true }).waitFor();
    await page.getByRole("link", { name: "the undone run" }).click();
    await page.getByRole("link", { name: /^the undo of/ }).waitFor();
    const { body } = await rollcall.api<ListOf<Person>>("GET", "/people?status=active&limit=1");
    assert.equal(body.total, 60);
    assert.deepEqual(console.complaints, []);
  });

  test("the same way with the keyboard alone", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal", deactivate: true });
    await rollcall.run(integration.id);
    const person = await somebody(rollcall);

    // A run.
    await page.goto("/runs");
    await pressEnterOn(page, page.getByRole("row", { name: /Legal/ }));
    await pressEnterOn(page, page.getByRole("button", { name: "Run again…" }));
    await pressEnterOn(page, page.getByRole("dialog").getByRole("button", { name: "Run now" }));
    await page.getByText("60 unchanged").waitFor();

    // People: the arrow keys move between rows.
    await pressEnterOn(page, page.getByRole("link", { name: "People" }));
    await tabTo(page, page.getByRole("row").nth(1));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Information" }).waitFor();
    await tabTo(page, page.getByRole("tab", { name: "Information" }));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "by a run" }).waitFor();

    // SaaS > Users.
    await pressEnterOn(page, page.getByRole("link", { name: "SaaS" }));
    await pressEnterOn(page, page.getByRole("row", { name: /Ironclad Clickwrap/ }));
    await tabTo(page, page.getByRole("searchbox", { name: "Search by name or email" }));
    await page.keyboard.type(person.email);
    await page.getByText("1 user").waitFor();
    await pressEnterOn(page, page.getByRole("button", { name: `Deactivate ${person.fullName}`, exact: true }));
    await pressEnterOn(page, page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }));
    await pressEnterOn(page, page.getByRole("button", { name: `Activate ${person.fullName}`, exact: true }));
    await pressEnterOn(page, page.getByRole("dialog").getByRole("button", { name: "Activate", exact: true }));
    await page.getByRole("button", { name: `Deactivate ${person.fullName}`, exact: true }).waitFor();

    // The guard, its approval, the undo.
    rollcall.sandbox.removeUsers({ count: 20 });
    await rollcall.run(integration.id);
    await pressEnterOn(page, page.getByRole("link", { name: "Runs" }));
    await pressEnterOn(page, page.getByRole("row", { name: /Needs review/ }));
    await pressEnterOn(page, page.getByRole("button", { name: "Approve…" }));
    await tabTo(page, page.getByRole("dialog").getByRole("textbox"));
    await page.keyboard.type("They left");
    await pressEnterOn(page, page.getByRole("dialog").getByRole("button", { name: "Approve" }));
    await page.getByText("the deactivations after they were approved").waitFor();
    await pressEnterOn(page, page.getByRole("button", { name: "Undo…" }));
    await pressEnterOn(page, page.getByRole("dialog").getByRole("button", { name: "Undo the run" }));
    await page.getByRole("heading", { level: 1, name: "Undo of Legal" }).waitFor();
    await page.getByRole("main").getByText("Completed", { exact: true }).waitFor();
    assert.deepEqual(console.complaints, []);
  });

  test("a run under way is cancelled, and a rejected plan deactivates nobody", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal", deactivate: true, inputs: { perPage: 1 } });
    await rollcall.run(integration.id);

    rollcall.sandbox.addFaults([{ call: "*", count: "always", fault: { kind: "slow", delayMs: 500 } }]);
    const { body: slow } = await rollcall.api<{ id: string }>("POST", `/integrations/${integration.id}/runs`);
    await page.goto(`/runs/${slow.id}`);
    await page.getByRole("button", { name: "Cancel run…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel the run" }).click();
    await page.getByRole("main").getByText("Cancelled", { exact: true }).waitFor();
    rollcall.sandbox.clearFaults();

    rollcall.sandbox.removeUsers({ count: 20 });
    const guarded = await rollcall.run(integration.id);
    await page.goto(`/runs/${guarded.id}`);
    await page.getByRole("button", { name: "Reject…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reject" }).click();
    await page.getByText("The deactivations were rejected. Nobody was deactivated.").waitFor();
    assert.deepEqual(console.complaints, []);
  });

  test("a failing vendor is explained with the next step, and a gap in words", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal", deactivate: true });
    await rollcall.run(integration.id);
    rollcall.sandbox.addFaults([{ call: "memberships", count: "always", fault: { kind: "status", status: 403 } }]);
    const incomplete = await rollcall.run(integration.id);
    rollcall.sandbox.clearFaults();
    rollcall.sandbox.setCredentials({ clientId: "another", clientSecret: "one" });
    const failed = await rollcall.run(integration.id);

    await page.goto(`/runs/${incomplete.id}`);
    await page.getByRole("heading", { name: "What could not be read" }).waitFor();
    await page.getByText("page.failed").first().waitFor();
    await page.goto(`/runs/${failed.id}`);
    await page
      .getByRole("alert")
      .getByText(failed.error?.nextStep ?? "no error")
      .waitFor();
    await page.getByText("The run stopped. Nothing in the inventory changed.").waitFor();
    await page.goto("/runs?status=failed");
    await page.getByText("1 run").waitFor();
  });

  test("problems are searched, opened and exported; disputes are answered", async () => {
    await using console = await openConsole({ sandbox: plain });
    const { page, rollcall } = console;
    const { sandbox } = rollcall;
    const integration = await rollcall.launch({ name: "Legal" });
    const [first, second] = sandbox.users();
    sandbox.changeUser(Number(first?.id), { set: { email: String(second?.email) } });
    const run = await rollcall.run(integration.id);
    assert.equal(run.counts.disputed, 2);

    await page.goto(`/runs/${run.id}?tab=problems`);
    await page.getByRole("combobox", { name: "What happened" }).selectOption("Disputed");
    await page.getByText("2 problems").waitFor();
    await page.getByRole("row", { name: String(first?.id) }).click();
    await page
      .getByRole("dialog", { name: `Record ${first?.id}` })
      .getByText("Next step")
      .waitFor();
    await page.keyboard.press("Escape");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^run-.*-errors\.csv$/);
    await page.getByRole("tab", { name: "Disputes (2)" }).click();
    await page.getByText("Rollcall guesses nothing").waitFor();
    await page.getByRole("row", { name: String(first?.id) }).click();
    const question = page.getByRole("dialog", { name: `Who is record ${first?.id}?` });
    await question.getByRole("radio", { name: "Nobody: leave this record out from now on" }).check();
    await question.getByRole("button", { name: "Save answer" }).click();
    await page.getByText("1 dispute", { exact: true }).waitFor();
    await page.getByRole("combobox", { name: "Answered or not" }).selectOption("Answered");
    await page.getByRole("cell", { name: "Ignore the record" }).waitFor();
    await page.getByRole("button", { name: "Retry failed…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Retry" }).click();
    await page.getByRole("heading", { level: 1, name: "Retry of Legal" }).waitFor();
  });

  test("are readable for everybody, in dark and light, on a phone and on a desk", async () => {
    await using console = await openConsole({ sandbox: { users: 60 } });
    const { page, rollcall } = console;
    const integration = await rollcall.launch({ name: "Legal", deactivate: true });
    const first = await rollcall.run(integration.id);
    const preview = await rollcall.run(integration.id, { dryRun: true });
    rollcall.sandbox.removeUsers({ count: 20 });
    const guarded = await rollcall.run(integration.id);
    rollcall.sandbox.addFaults([{ call: "memberships", count: "always", fault: { kind: "status", status: 403 } }]);
    const incomplete = await rollcall.run(integration.id);
    rollcall.sandbox.setCredentials({ clientId: "another", clientSecret: "one" });
    const failed = await rollcall.run(integration.id);
    const tabs = [`/runs/${first.id}?tab=problems`, `/runs/${first.id}?tab=disputes`];
    const runs = [preview, guarded, incomplete, failed].map(({ id }) => `/runs/${id}`);
    await checkAccessibility(page, ["/runs", "/runs/nope", ...tabs, ...runs]);
  });

  test("without any run the list says how one comes to be, and an unknown run is said to be none", async () => {
    await using console = await openConsole({ sandbox: { users: 1 } });
    const { page } = console;
    await page.goto("/runs");
    await page.getByRole("heading", { name: "No run yet" }).waitFor();
    assert.equal(await page.title(), "Runs · Rollcall");
    await page.goto("/runs/nope");
    await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
  });
});

async function somebody(rollcall: { readonly all: <Item>(path: string) => Promise<Item[]> }): Promise<Person> {
  const people = await rollcall.all<Person>("/people");
  const person = people.find(({ fullName }) => fullName !== null);
  if (person === undefined) throw new Error("nobody has a name");
  return person;
}
