import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `vite` (development) asks the product that ROLLCALL_URL names, so that cookies and addresses are those of one origin.
const product = process.env.ROLLCALL_URL ?? "http://127.0.0.1:4600";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: "dist", target: "es2023", sourcemap: false, chunkSizeWarningLimit: 400 },
  server: { proxy: { "/api": product, "/health": product } },
});
