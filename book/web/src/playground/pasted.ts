/** A real pod's status, pasted on the left, and on the right what it says. */

import { html, type TemplateResult } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import { Editor } from "./editor.ts";
import { Explaining } from "./explaining.ts";
import { diagnosis } from "./parts/diagnosis.ts";
import type { Context } from "./parts/panel.ts";
import { problems } from "./parts/problems.ts";

export class Pasted {
  readonly #box = createRef<HTMLDivElement>();
  readonly #explaining: Explaining;
  #editor: Editor | null = null;

  constructor(
    private readonly context: Context,
    private readonly open: (incident: string) => void,
    update: () => void,
  ) {
    this.#explaining = new Explaining(context.playground, update);
  }

  render(): TemplateResult {
    const { say } = this.context;
    return html`<p class="private">${say("explain.private")}</p>
      <div class="editor" data-editor="pasted" ${ref(this.#box)}></div>
      ${problems(this.#problems, say, { go: (place) => this.#editor?.go(place), fix: () => {} })}
      <p class="keys">${say("editor.keys")}</p>`;
  }

  explanation(): TemplateResult {
    const { found, waiting } = this.#explaining;
    return diagnosis(found, waiting, this.context.say, {
      go: (line) => this.#editor?.go({ line, column: 1 }),
      light: (lines) => this.#editor?.light(lines),
      open: this.open,
      sample: () => this.#sample(),
    });
  }

  /** After the page has what was rendered: an editor is made when it is seen first, since hidden ones have no size. */
  updated(): void {
    const box = this.#box.value;
    if (!this.#editor && box?.checkVisibility()) {
      this.#editor = new Editor(box, {
        label: this.context.say("editor.pasted"),
        text: this.#explaining.text,
        onChange: (text) => this.#explaining.write(text),
      });
    }
    this.#editor?.show(this.#problems);
  }

  get #problems() {
    return this.#explaining.found?.problems ?? [];
  }

  /** The pod at the playhead as `kubectl get -o yaml` prints it, to be explained. */
  #sample(): void {
    const text = this.context.playground.yaml;
    this.#editor?.set(text);
    this.#explaining.write(text);
  }
}
