import { Command } from "commander";
import { addAuditVerify } from "./commands/audit/verify.ts";
import { addCatalogList } from "./commands/catalog/list.ts";
import { addConnectorCheck } from "./commands/connector/check.ts";
import { addConnectorList } from "./commands/connector/list.ts";
import { addConnectorShow } from "./commands/connector/show.ts";
import { addCredentialAdd } from "./commands/credential/add.ts";
import { addCredentialDelete } from "./commands/credential/delete.ts";
import { addCredentialList } from "./commands/credential/list.ts";
import { addCredentialTest } from "./commands/credential/test.ts";
import { addDestinationCreate } from "./commands/destination/create.ts";
import { addDestinationDelete } from "./commands/destination/delete.ts";
import { addDestinationDeliveries } from "./commands/destination/deliveries.ts";
import { addDestinationList } from "./commands/destination/list.ts";
import { addDestinationResync } from "./commands/destination/resync.ts";
import { addDestinationRetry } from "./commands/destination/retry.ts";
import { addDestinationShow } from "./commands/destination/show.ts";
import { addDestinationTest } from "./commands/destination/test.ts";
import { addDestinationUpdate } from "./commands/destination/update.ts";
import { addFieldAdd } from "./commands/field/add.ts";
import { addFieldList } from "./commands/field/list.ts";
import { addIntegrationArchive } from "./commands/integration/archive.ts";
import { addIntegrationCreate } from "./commands/integration/create.ts";
import { addIntegrationLaunch } from "./commands/integration/launch.ts";
import { addIntegrationList } from "./commands/integration/list.ts";
import { addIntegrationPause } from "./commands/integration/pause.ts";
import { addIntegrationPreview } from "./commands/integration/preview.ts";
import { addIntegrationResume } from "./commands/integration/resume.ts";
import { addIntegrationShow } from "./commands/integration/show.ts";
import { addIntegrationTest } from "./commands/integration/test.ts";
import { addIntegrationUpdate } from "./commands/integration/update.ts";
import { addPeopleExport } from "./commands/people/export.ts";
import { addPeopleHistory } from "./commands/people/history.ts";
import { addPeopleList } from "./commands/people/list.ts";
import { addPeopleShow } from "./commands/people/show.ts";
import { addPeopleWhy } from "./commands/people/why.ts";
import { addLogin } from "./commands/program/login.ts";
import { addLogout } from "./commands/program/logout.ts";
import { addRunApprove } from "./commands/run/approve.ts";
import { addRunCancel } from "./commands/run/cancel.ts";
import { addRunChanges } from "./commands/run/changes.ts";
import { addRunErrors } from "./commands/run/errors.ts";
import { addRunList } from "./commands/run/list.ts";
import { addRunReject } from "./commands/run/reject.ts";
import { addRunRetryFailed } from "./commands/run/retry-failed.ts";
import { addRunShow } from "./commands/run/show.ts";
import { addRunStart } from "./commands/run/start.ts";
import { addRunUndo } from "./commands/run/undo.ts";
import { addRunnerCreate } from "./commands/runner/create.ts";
import { addRunnerDelete } from "./commands/runner/delete.ts";
import { addRunnerEnroll } from "./commands/runner/enroll.ts";
import { addRunnerList } from "./commands/runner/list.ts";
import { addRunnerStart } from "./commands/runner/start.ts";
import { addRunnerStatus } from "./commands/runner/status.ts";
import { addRunnerStoreCredential } from "./commands/runner/store-credential.ts";
import { addRunnerUpdate } from "./commands/runner/update.ts";
import { addSaasList } from "./commands/saas/list.ts";
import { addSaasRemovalList } from "./commands/saas/removal-list.ts";
import { addSaasShow } from "./commands/saas/show.ts";
import { addSaasStatistics } from "./commands/saas/statistics.ts";
import { addSaasUsers } from "./commands/saas/users.ts";
import { programVersion } from "./program-version.ts";
import type { Session } from "./session.ts";

/** The whole command line: `rollcall <noun> <verb>`. Usage errors are thrown as CommanderError, not printed. */
export function createProgram(session: Session): Command {
  const program = new Command("rollcall")
    .description("Takes the roll of a company's SaaS applications")
    .version(programVersion, "--version", "print the version")
    .helpCommand(false)
    .addHelpText("after", afterHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void session.output.write(text),
      writeErr: (text) => void session.errorOutput.write(text),
      outputError: () => undefined,
    });
  addLogin(program, session);
  addLogout(program, session);
  for (const { noun, about, verbs } of nouns) {
    const command = program.command(noun).description(about).helpCommand(false);
    for (const addVerb of verbs) addVerb(command, session);
  }
  return program;
}

type Noun = {
  readonly noun: string;
  readonly about: string;
  readonly verbs: readonly ((noun: Command, session: Session) => void)[];
};

const nouns: readonly Noun[] = [
  {
    noun: "credential",
    about: "Credentials: what a vendor lets us in with",
    verbs: [addCredentialAdd, addCredentialTest, addCredentialList, addCredentialDelete],
  },
  {
    noun: "connector",
    about: "Connectors: the vendors that can be read",
    verbs: [addConnectorList, addConnectorShow, addConnectorCheck],
  },
  {
    noun: "integration",
    about: "Integrations: which vendor is read, how and when",
    verbs: [
      addIntegrationCreate,
      addIntegrationUpdate,
      addIntegrationLaunch,
      addIntegrationPause,
      addIntegrationResume,
      addIntegrationArchive,
      addIntegrationList,
      addIntegrationShow,
      addIntegrationTest,
      addIntegrationPreview,
    ],
  },
  {
    noun: "run",
    about: "Runs: reading a vendor and taking over what changed",
    verbs: [
      addRunStart,
      addRunList,
      addRunShow,
      addRunChanges,
      addRunErrors,
      addRunApprove,
      addRunReject,
      addRunCancel,
      addRunUndo,
      addRunRetryFailed,
    ],
  },
  {
    noun: "people",
    about: "People: the inventory",
    verbs: [addPeopleList, addPeopleShow, addPeopleHistory, addPeopleWhy, addPeopleExport],
  },
  {
    noun: "saas",
    about: "SaaS applications and their users",
    verbs: [addSaasList, addSaasShow, addSaasUsers, addSaasStatistics, addSaasRemovalList],
  },
  {
    noun: "runner",
    about: "Runners: reading vendors on this machine, with a credential that stays here",
    verbs: [
      addRunnerCreate,
      addRunnerUpdate,
      addRunnerList,
      addRunnerDelete,
      addRunnerEnroll,
      addRunnerStoreCredential,
      addRunnerStart,
      addRunnerStatus,
    ],
  },
  {
    noun: "destination",
    about: "Destinations: an Oomnitza that is kept in step with what runs apply",
    verbs: [
      addDestinationCreate,
      addDestinationUpdate,
      addDestinationList,
      addDestinationShow,
      addDestinationTest,
      addDestinationResync,
      addDestinationRetry,
      addDestinationDeliveries,
      addDestinationDelete,
    ],
  },
  { noun: "audit", about: "The audit of history", verbs: [addAuditVerify] },
  { noun: "field", about: "Fields of people and SaaS users", verbs: [addFieldList, addFieldAdd] },
  { noun: "catalog", about: "The software catalog", verbs: [addCatalogList] },
];

const afterHelp = `
Environment:
  ROLLCALL_URL    the server (default http://localhost:4600)
  ROLLCALL_TOKEN  an API token; without it, what "rollcall login" kept is used

Exit codes:
  0 done, 1 failed, 2 wrong use, 3 needs review`;
