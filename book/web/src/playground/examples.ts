/** The examples: asked for once, shown in a dialog, opened by their names. */

import { html, type TemplateResult } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import type { Incident } from "./data.ts";
import { incidents } from "./parts/incidents.ts";
import type { Context } from "./parts/panel.ts";

export class Examples {
  readonly #dialog = createRef<HTMLDialogElement>();
  #asked: Promise<readonly Incident[]> | null = null;
  #all: readonly Incident[] | null = null;

  constructor(
    private readonly context: Context,
    private readonly take: (incident: Incident) => void,
    private readonly update: () => void,
  ) {}

  render(): TemplateResult {
    const { say, uid } = this.context;
    return html`<dialog class="examples" aria-labelledby="${uid}-examples" ${ref(this.#dialog)} @click=${closeOutside}>
      ${incidents(this.#all, say, uid, (incident) => this.#choose(incident))}
    </dialog>`;
  }

  show(): void {
    this.#dialog.value?.showModal();
    void this.#load();
  }

  async open(id: string): Promise<void> {
    const found = (await this.#load().catch(() => [])).find((incident) => incident.id === id);
    if (found) this.#choose(found);
  }

  #load(): Promise<readonly Incident[]> {
    const { playground } = this.context;
    this.#asked ??= playground.ask("incidents", { language: playground.language });
    this.#asked.then(
      (all) => {
        this.#all = all;
        this.update();
      },
      () => {
        this.#asked = null; // asked again next time
      },
    );
    return this.#asked;
  }

  #choose(incident: Incident): void {
    this.#dialog.value?.close();
    this.take(incident);
  }
}

function closeOutside(event: MouseEvent): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
