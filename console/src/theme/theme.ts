import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Petrol: the one accent. Index 7 on white and index 3 on the dark ground have more than 4.5:1. */
const petrol: MantineColorsTuple = [
  "#e9f6f6",
  "#d2eaeb",
  "#a3d5d7",
  "#73c1c4",
  "#45abb0",
  "#249297",
  "#127c83",
  "#0b6a71",
  "#09565c",
  "#073f44",
];

/** A warm grey, so that the light ground looks like paper and not like glass. */
const gray: MantineColorsTuple = [
  "#faf9f6",
  "#f3f1ec",
  "#e8e5de",
  "#d9d5cb",
  "#bcb7ab",
  "#8f8a7f",
  "#676359",
  "#504d45",
  "#37352f",
  "#211f1b",
];

const dark: MantineColorsTuple = [
  "#e4e6e7",
  "#b9bec2",
  "#a0a7ac",
  "#767e84",
  "#3d454b",
  "#2e353a",
  "#23292d",
  "#1b2023",
  "#14181a",
  "#0e1113",
];

const sans = '"Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, "Open Sans", sans-serif';

export const theme = createTheme({
  colors: { petrol, gray, dark },
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  fontFamily: sans,
  fontFamilyMonospace: 'ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, monospace',
  headings: {
    fontFamily: sans,
    fontWeight: "640",
    sizes: {
      h1: { fontSize: "1.75rem", lineHeight: "1.2" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  components: {
    Anchor: { defaultProps: { underline: "hover" } },
    Button: { defaultProps: { fw: 600 } },
    Card: { defaultProps: { withBorder: true, padding: "lg", radius: "lg" } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Modal: { defaultProps: { radius: "lg", closeButtonProps: { "aria-label": "Close" } } },
    // The head of a dialog is no banner of the page.
    DrawerHeader: { defaultProps: { role: "presentation" } },
    ModalHeader: { defaultProps: { role: "presentation" } },
    Menu: { defaultProps: { shadow: "md" } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
    Select: { defaultProps: { allowDeselect: false } },
    Badge: { defaultProps: { radius: "sm", tt: "none", fw: 600 } },
  },
});
