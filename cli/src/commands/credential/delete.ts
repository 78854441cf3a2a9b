import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { credentialId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addCredentialDelete(credential: Command, { api, out }: Session): void {
  verb(credential, "delete <credential>", "Deletes a credential (id or name) that no integration uses").action(
    async (typed: string) => {
      const server = await api();
      const id = await credentialId(server, typed);
      await server.send({ method: "DELETE", path: apiPath`/credentials/${id}` });
      out.result({ id, deleted: true }, () => `Deleted the credential ${typed}.`);
    },
  );
}
