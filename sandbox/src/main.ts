import { BadInput } from "./http/bad-input.ts";
import { type Arguments, parseArguments, usage } from "./parse-arguments.ts";
import { parseOomnitzaArguments } from "./parse-oomnitza-arguments.ts";
import { type IroncladSandbox, startIroncladSandbox } from "./start-ironclad-sandbox.ts";
import { startOomnitzaSandbox } from "./start-oomnitza-sandbox.ts";

const signals = ["SIGTERM", "SIGINT"] as const;

await main().catch((cause: unknown) => {
  if (!(cause instanceof BadInput)) throw cause;
  console.error(cause.message);
  process.exitCode = 2;
});

async function main(): Promise<void> {
  if (process.argv.includes("--oomnitza")) return await startOomnitza();
  const { json, help, options } = parseArguments(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return;
  }
  const sandbox = await startIroncladSandbox(options);
  stopWithTheProcess(sandbox);
  console.log(json ? readyLine(sandbox) : greeting(sandbox, options));
}

async function startOomnitza(): Promise<void> {
  const { json, ...options } = parseOomnitzaArguments(process.argv.slice(2));
  const sandbox = await startOomnitzaSandbox(options);
  stopWithTheProcess(sandbox);
  const { url, token } = sandbox;
  console.log(
    json
      ? JSON.stringify({ url, token })
      : `Oomnitza sandbox
  address  ${url}
  token    ${token}

  people:  curl -H "Authorization2: ${token}" ${url}/api/v3/users
  state:   curl ${url}/_sandbox

Stop with Ctrl+C.`,
  );
}

/** On a signal, and when the program that started this one is gone. */
function stopWithTheProcess(sandbox: { readonly close: () => Promise<void> }): void {
  const stop = () => {
    for (const signal of signals) process.off(signal, stop);
    if (process.connected) process.disconnect();
    void sandbox.close();
  };
  for (const signal of signals) process.on(signal, stop);
  if (process.channel !== undefined) process.once("disconnect", stop);
}

function readyLine({ url, clientId, clientSecret }: IroncladSandbox): string {
  return JSON.stringify({ url, clientId, clientSecret });
}

function greeting(sandbox: IroncladSandbox, options: Arguments["options"]): string {
  const { url, clientId, clientSecret } = sandbox;
  const kind = sandbox.state().population.kind;
  return `Ironclad Clickwrap sandbox: ${sandbox.userCount()} ${kind} users
  address        ${url}
  client id      ${clientId}
  client secret  ${clientSecret}

  token:    curl -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret} ${url}/oauth/token
  sites:    curl -H "Authorization: Bearer TOKEN" ${url}/v1.1/sites
  state:    curl ${new URL(url).origin}/_sandbox
  break it: curl -d '{"call":"members","page":2,"fault":{"kind":"status","status":503}}' ${new URL(url).origin}/_sandbox/faults
${options.port === 0 ? "" : "\nIn Rollcall: allow the address by name, and give the credential above this API address.\n"}
Stop with Ctrl+C.`;
}
