import { Text } from "@mantine/core";
import { Notice } from "../../ui/Notice.tsx";

/** No real instance was to be had while this was built, and whoever relies on it must know. */
export function Unverified() {
  return (
    <Notice tone="info" title="Not yet tried against a real Oomnitza">
      <Text size="sm">
        It is built from what is published about Oomnitza's API, and tested against a simulator. Begin with an instance
        for tests and one integration with few people, test the connection, and look at the deliveries.
      </Text>
    </Notice>
  );
}
