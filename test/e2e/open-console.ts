import { randomBytes } from "node:crypto";
import "../../console/ensure-built.js";
import { ensureStartLink } from "@rollcall/server/features/access/start-link.ts";
import {
  startTestRollcall,
  type TestRollcall,
  type TestRollcallOptions,
} from "@rollcall/server/test/start-test-rollcall.ts";
import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContext, type Page, chromium as playwright } from "playwright-core";

/** The product with its sandbox, and a real browser whose administrator is signed in. */
export type OpenConsole = AsyncDisposable & {
  readonly rollcall: TestRollcall;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in the page so far: exceptions, and errors that it logged. */
  readonly complaints: readonly string[];
};

export type ConsoleOptions = TestRollcallOptions & {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  /** False: nobody is the administrator yet. */
  readonly signedIn?: boolean;
};

export async function openConsole(options: ConsoleOptions = {}): Promise<OpenConsole> {
  const { width = 1440, height = 900, scheme = "light", signedIn = true, ...world } = options;
  await using opening = new AsyncDisposableStack();
  const rollcall = opening.use(await startTestRollcall(world));
  const browser = await launchBrowser();
  opening.defer(() => browser.close());
  const context = await browser.newContext({
    baseURL: rollcall.url,
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  if (signedIn) await signInFirst(rollcall, context);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A refused call is also logged, and a test of its own.
    const refused = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refused) complaints.push(message.text());
  });
  const running = opening.move();
  return { rollcall, browser, context, page, complaints, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

export async function launchBrowser(): Promise<Browser> {
  // One process for everything saves memory where there is little, and dies where a page closes; a test has time and room.
  const args = chromium.args.filter((argument) => !["--single-process", "--disable-web-security"].includes(argument));
  return await playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });
}

/** The one-time link that the terminal prints. */
export async function firstStartLink(rollcall: TestRollcall): Promise<string> {
  const link = await ensureStartLink(rollcall.database, rollcall.url, new Date());
  if (link === null) throw new Error("there is an administrator already");
  return link;
}

/** Makes the administrator as the one-time link does; the context keeps the session's cookie. */
async function signInFirst(rollcall: TestRollcall, context: BrowserContext): Promise<void> {
  const link = await firstStartLink(rollcall);
  const answer = await context.request.post("/api/v1/start", {
    data: {
      token: new URL(link).hash.slice(1),
      email: "admin@example.com",
      name: "Ada Administrator",
      password: `Aa1-${randomBytes(12).toString("hex")}`,
    },
  });
  if (!answer.ok()) throw new Error(`the first start answered ${answer.status()}: ${await answer.text()}`);
}
