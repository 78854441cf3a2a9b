import { Anchor, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import type { CreateDestination } from "@rollcall/core/contract/destinations.ts";
import { useQuery } from "@tanstack/react-query";
import { allCredentialsOptions } from "../../api/credentials.ts";
import { RadioCards } from "../../components/RadioCards.tsx";
import { SaveBar } from "../../components/SaveBar.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { ConstantRows } from "./ConstantRows.tsx";
import classes from "./DestinationForm.module.css";
import { bodyOf, type DestinationValues } from "./destination-form-values.ts";
import { modeWords, syncKeyWords } from "./destination-words.ts";
import { FieldRows } from "./FieldRows.tsx";
import { FollowRows } from "./FollowRows.tsx";

type Props = {
  readonly initialValues: DestinationValues;
  /** Of a saved destination. */
  readonly destinationId?: string;
  readonly onSave: (body: CreateDestination) => Promise<unknown>;
  readonly onCancel: () => void;
};

/** All settings of a destination. */
export function DestinationForm({ initialValues, destinationId, onSave, onCancel }: Props) {
  const credentials = useQuery(allCredentialsOptions()).data?.data ?? [];
  const fitting = credentials.filter(({ kind }) => kind === "api-key" || kind === "basic");
  const { form, error, busy, submit } = useProblemForm<DestinationValues>({
    initialValues,
    validate: {
      credentialId: (id) => (id === null ? "Choose a credential." : null),
      constants: {
        value: (value, { constants }, path) => {
          const { kind } = constants[Number(path.split(".")[1])] ?? { kind: "text" };
          return kind === "number" && value.trim() !== "" && Number.isNaN(Number(value)) ? "Must be a number." : null;
        },
      },
    },
  });
  const { values } = form;
  return (
    <form onSubmit={submit(async (given) => await onSave(bodyOf(given)))}>
      <Stack gap="xl">
        <div className={classes.columns}>
          <TextInput label="Name" required autoFocus {...form.getInputProps("name")} />
          <TextInput
            label="Address of the instance"
            description="Without a path."
            placeholder="https://example.oomnitza.com"
            type="url"
            required
            {...form.getInputProps("url")}
          />
          <div>
            <Select
              label="Credential"
              description="An API key in the header Authorization2, or a user's name and password."
              placeholder={fitting.length === 0 ? "There is none that fits" : "Choose"}
              required
              searchable
              data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps("credentialId")}
            />
            <Anchor href={paths.newCredential({ kind: "api-key" })} target="_blank" size="sm" mt={6} display="block">
              Add new credential in another tab
            </Anchor>
          </div>
          <Stack gap="md">
            <Switch
              label="On"
              description="Off: changes are queued and wait."
              {...form.getInputProps("enabled", { type: "checkbox" })}
            />
            <Switch
              label="Suspend people"
              description="A person who is inactive here is suspended there. Off: only their SaaS user is deactivated; who left one application has not left the company."
              {...form.getInputProps("suspendPeople", { type: "checkbox" })}
            />
          </Stack>
        </div>
        <FollowRows form={form} />
        <div className={classes.columns}>
          <div>
            <RadioCards
              label="Sync key"
              words={syncKeyWords}
              value={values.syncKey}
              onChange={(syncKey) => form.setFieldValue("syncKey", syncKey)}
            />
            <Text size="sm" c="dimmed" mt={6}>
              By which a person is found there the first time. Afterwards it is the instance's own id, so that a new
              name renames the person.
            </Text>
          </div>
          <Stack gap="md">
            <RadioCards
              label="How people are sent"
              words={modeWords}
              value={values.mode}
              onChange={(mode) => form.setFieldValue("mode", mode)}
              error={form.errors.mode}
            />
            {values.mode === "bulk" && (
              <TextInput
                label="In whose name it is uploaded"
                description="The number of an integration of the instance, or the name of a basic connector."
                required
                {...form.getInputProps("bulkConnector")}
              />
            )}
          </Stack>
        </div>
        <FieldRows form={form} destinationId={destinationId} />
        <ConstantRows form={form} />
        <SaveBar busy={busy} error={error} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
