import { NativeSelect, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { allIntegrationsOptions } from "../../api/integrations.ts";
import type { DestinationValues, Follow } from "./destination-form-values.ts";
import { FormRows } from "./FormRows.tsx";

/** Which integrations' changes are sent, and into which application of the instance. */
export function FollowRows({ form }: { readonly form: UseFormReturnType<DestinationValues> }) {
  const integrations = useQuery(allIntegrationsOptions()).data?.data ?? [];
  const usable = integrations.filter(({ status }) => status !== "archived");
  return (
    <FormRows<Follow>
      title="Integrations it follows"
      help="What their runs change is sent. The users go into a SaaS application of the instance, which is found by its name or made; left empty, it is the name of the integration's own application."
      one="integration"
      add="Add an integration"
      heads={["Integration", "SaaS application there", "What is sent"]}
      lines={form.values.follows}
      onAdd={() => form.insertListItem("follows", { integrationId: "", peopleOnly: false, saasName: "", saasId: "" })}
      onRemove={(index) => form.removeListItem("follows", index)}
      render={({ peopleOnly, saasId }, index) => (
        <>
          <Select
            aria-label={`Integration ${index + 1}`}
            placeholder="Integration"
            searchable
            data={usable.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps(`follows.${index}.integrationId`)}
          />
          <div>
            <TextInput
              aria-label={`SaaS application there, integration ${index + 1}`}
              placeholder={peopleOnly ? "none" : "as the integration's application"}
              disabled={peopleOnly}
              {...form.getInputProps(`follows.${index}.saasName`)}
            />
            {!peopleOnly && (
              <TextInput
                mt={6}
                size="xs"
                leftSection="Id"
                aria-label={`Id of the application there, integration ${index + 1}`}
                placeholder="Its id there, if the name is not enough"
                {...form.getInputProps(`follows.${index}.saasId`)}
                value={saasId}
              />
            )}
          </div>
          <NativeSelect
            aria-label={`What is sent, integration ${index + 1}`}
            value={peopleOnly ? "people" : "both"}
            onChange={({ currentTarget }) =>
              form.setFieldValue(`follows.${index}.peopleOnly`, currentTarget.value === "people")
            }
            data={[
              { value: "both", label: "people and SaaS users" },
              { value: "people", label: "people only" },
            ]}
          />
        </>
      )}
    />
  );
}
