import { MultiSelect, Select, Stack, Switch, TextInput, Title } from "@mantine/core";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { useQuery } from "@tanstack/react-query";
import { allAccountsOptions } from "../../api/accounts.ts";
import { allSoftwareOptions } from "../../api/saas.ts";
import { RadioCards } from "../../components/RadioCards.tsx";
import { SaveBar } from "../../components/SaveBar.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { inputTexts, inputValues } from "./connector-inputs.ts";
import classes from "./DetailsForm.module.css";
import { GuardFields, guardTexts, guardValues } from "./GuardFields.tsx";
import { InputFields } from "./InputFields.tsx";
import { installationWords, modeWords, personDeactivationWords, preferenceWords } from "./integration-words.ts";
import { useSaveIntegration } from "./use-save-integration.ts";

type Props = { readonly integration: Integration; readonly connector: Connector; readonly onDone: () => void };

export function DetailsForm({ integration, connector, onDone }: Props) {
  const save = useSaveIntegration(integration);
  const accounts = useQuery(allAccountsOptions()).data?.data ?? [];
  const software = useQuery(allSoftwareOptions()).data?.data ?? [];
  const { form, error, busy, submit } = useProblemForm({
    initialValues: {
      name: integration.name,
      integrationUser: integration.integrationUser,
      contacts: [...integration.contacts],
      mode: integration.mode,
      softwareId: integration.softwareId,
      deactivate: integration.deactivate,
      personDeactivation: integration.personDeactivation,
      installation: integration.installation,
      preference: integration.preference,
      inputs: inputTexts(connector.inputs, integration.inputs),
      guard: guardTexts(integration.guard),
    },
    // A problem at one of several contacts stands at the field for all of them.
    fieldOf: (pointer) => (pointer.startsWith("/contacts/") ? "contacts" : undefined),
  });
  const { values } = form;
  const radio = <Name extends "mode" | "personDeactivation" | "preference" | "installation">(name: Name) => ({
    value: values[name],
    error: form.errors[name],
    onChange: (value: (typeof values)[Name]) => form.setValues({ [name]: value } as Partial<typeof values>),
  });
  const localRefusal = connector.authorization.every(({ local }) => !local.possible)
    ? (connector.authorization[0]?.local.reason ?? undefined)
    : undefined;

  return (
    <form
      onSubmit={submit(async ({ inputs, guard, ...others }) => {
        await save({
          ...others,
          softwareId: others.mode === "user-only" ? integration.softwareId : others.softwareId,
          inputs: inputValues(connector.inputs, inputs),
          guard: guardValues(guard),
        });
        onDone();
      })}
    >
      <Stack gap="xl">
        <div className={classes.columns}>
          <TextInput label="Name" required autoFocus {...form.getInputProps("name")} />
          <Select
            label="Integration user"
            description="The account its writes are recorded for. One of its own makes them easy to find."
            searchable
            data={accounts.map(({ id, name, kind }) => ({
              value: id,
              label: kind === "service" ? name : `${name} (a person)`,
            }))}
            {...form.getInputProps("integrationUser")}
          />
          <MultiSelect
            label="Integration contacts"
            description="Who is told when something is wrong."
            searchable
            hidePickedOptions
            data={accounts.filter(({ kind }) => kind === "person").map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("contacts")}
          />
        </div>
        <div className={classes.columns}>
          <RadioCards label="What it fills" words={modeWords} {...radio("mode")} />
          <Select
            label="Software SaaS selection"
            description="Left empty, the record is found by its software-catalog entry, or created from it, when you save."
            placeholder="Find or create it"
            clearable
            searchable
            disabled={values.mode === "user-only"}
            data={software.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("softwareId")}
          />
        </div>
        <div className={classes.columns}>
          <Stack gap="md">
            <Switch
              label="Deactivate"
              description="Who is gone at the vendor, or marked inactive there, is deactivated here. Needs a complete reading of the vendor."
              {...form.getInputProps("deactivate", { type: "checkbox" })}
            />
            {values.deactivate && (
              <RadioCards label="Whom" words={personDeactivationWords} {...radio("personDeactivation")} />
            )}
          </Stack>
          {values.deactivate && <GuardFields form={form} />}
        </div>
        <div className={classes.columns}>
          <RadioCards label="Integration preference" words={preferenceWords} {...radio("preference")} />
          <RadioCards
            label="Installation type"
            words={installationWords}
            blocked={localRefusal === undefined ? {} : { local: localRefusal }}
            {...radio("installation")}
          />
        </div>
        <fieldset className={classes.group}>
          <legend>
            <Title order={3}>{connector.name}</Title>
          </legend>
          <div className={classes.columns}>
            <InputFields form={form} inputs={connector.inputs} />
          </div>
        </fieldset>
        <SaveBar busy={busy} error={error} onCancel={onDone} />
      </Stack>
    </form>
  );
}
