/** A session as files to take along. */

import type { File } from "./data.ts";
import type { Playground } from "./playground.ts";

type Of = (playground: Playground) => Promise<File>;

const FILES = {
  manifest: async ({ session }) => ({ name: "manifest.yaml", type: "application/yaml", text: session.manifest }),
  scenario: (playground) => playground.ask("export_scenario", { session: playground.session }),
  notebook: (playground) => {
    const { session, language } = playground;
    return playground.ask("export_notebook", { session, language });
  },
} satisfies Record<string, Of>;

export type Download = keyof typeof FILES;

const LINGER = 1000; // ms that the browser has to begin

/** Rejects while there is no Python that could write the file. */
export async function download(what: Download, playground: Playground): Promise<void> {
  const { name, type, text } = await FILES[what](playground);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LINGER);
}
