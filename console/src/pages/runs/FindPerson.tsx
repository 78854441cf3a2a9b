import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { peopleOptions } from "../../api/people.ts";

type Props = { readonly value: string | null; readonly onChange: (personId: string | null) => void };

/** Chooses anybody in People, by typing a part of the name or email. */
export function FindPerson({ value, onChange }: Props) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text, 250);
  const people = useInfiniteQuery(peopleOptions({ q: wanted, limit: 20 }));
  const found = people.data?.pages[0]?.data ?? [];
  return (
    <Select
      label="Person"
      placeholder="Type a name or email"
      searchable
      value={value}
      onChange={onChange}
      searchValue={text}
      onSearchChange={setText}
      data={found.map(({ id, fullName, email }) => ({ value: id, label: `${fullName ?? "no name"}, ${email}` }))}
      filter={({ options }) => options}
      nothingFoundMessage={people.isFetching ? "Searching…" : "Nobody found"}
    />
  );
}
