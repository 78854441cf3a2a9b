import { ActionIcon, Button, Text, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./DestinationForm.module.css";

type Props<Line> = {
  readonly title: string;
  readonly help: ReactNode;
  /** What a line is, for the names of its buttons, and the button that adds one. */
  readonly one: string;
  readonly add: string;
  readonly lines: readonly Line[];
  /** What the columns are; on a narrow screen each control says so itself. */
  readonly heads: readonly string[];
  readonly render: (line: Line, index: number) => ReactNode;
  readonly onAdd: () => void;
  readonly onRemove: (index: number) => void;
};

/** A part of a form with any number of lines. */
export function FormRows<Line>({ title, help, one, add, lines, heads, render, onAdd, onRemove }: Props<Line>) {
  return (
    <fieldset className={classes.group}>
      <legend>
        <Title order={3}>{title}</Title>
      </legend>
      <Text size="sm" c="dimmed" mb="sm" maw="76ch">
        {help}
      </Text>
      {lines.length > 0 && (
        <div className={`${classes.row} ${classes.head}`} aria-hidden>
          {heads.map((head) => (
            <span key={head}>{head}</span>
          ))}
        </div>
      )}
      <ul className={classes.rows}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no other name, and a form's paths are their places
          <li key={index} className={classes.row}>
            {render(line, index)}
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={classes.remove}
              aria-label={`Remove ${one} ${index + 1}`}
              onClick={() => onRemove(index)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Button variant="light" size="xs" mt="sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={onAdd}>
        {add}
      </Button>
    </fieldset>
  );
}
