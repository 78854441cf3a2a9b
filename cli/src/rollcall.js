#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one is told what is missing instead of failing on TypeScript.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  await start();
} else {
  console.error(`rollcall needs Node.js 22.18 or later, and this is ${process.versions.node}.`);
  process.exitCode = 1;
}

async function start() {
  const [{ enableCompileCache }, { homedir }, { isAbsolute, join }] = await Promise.all([
    import("node:module"),
    import("node:os"),
    import("node:path"),
  ]);
  // Halves the time to start. In the user's own folder: what lies in a shared one could be somebody else's code.
  const given = process.env.XDG_CACHE_HOME ?? "";
  enableCompileCache(join(isAbsolute(given) ? given : join(homedir(), ".cache"), "rollcall", "compiled"));
  await import("./main.ts");
}
