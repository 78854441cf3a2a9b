import { type Credential, credentialSchema } from "@rollcall/core/contract/credentials.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";

export function addCredentialList(credential: Command, session: Session): void {
  listVerb(credential, "list", "Lists credentials; their secrets are never shown").action(
    async (options: ListOptions) => {
      await printListing(
        session,
        await session.api(),
        {
          path: "/credentials",
          answer: listOf(credentialSchema),
          noun: "credentials",
          empty: "There are no credentials yet: rollcall credential add --kind <connector> --name <name>",
          columns: [
            { title: "id", value: ({ id }) => id, whole: true },
            { title: "name", value: ({ name }) => name },
            { title: "kind", value: ({ kind }) => kind },
            { title: "expires", value: ({ expiresOn }) => expiresOn },
            { title: "last test", value: lastTest, style: (item) => (item.lastTest?.ok === false ? "red" : undefined) },
            { title: "used by", value: ({ integrations }) => integrations.map(({ name }) => name).join(", ") },
          ],
        },
        options,
      );
    },
  );
}

function lastTest({ lastTest: test }: Credential): string {
  return test === null ? "never" : test.ok ? "ok" : "failed";
}
