// Plain JavaScript that any Node can read, so that an old one is told what is missing instead of failing on TypeScript.
const [major] = process.versions.node.split(".").map(Number);
if (major >= 24) {
  await import("./main.ts");
} else {
  console.error(
    `The demo needs Node.js 24 or later and this is ${process.versions.node}. "npm run demo" uses the one that "npm ci" brings on Linux and Windows.`,
  );
  process.exitCode = 1;
}
