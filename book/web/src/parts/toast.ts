/** A sentence that is said for a while: what a button has done. */

import { html, type ReactiveControllerHost, type TemplateResult } from "lit";

export class Toast {
  #text = "";

  /** `time` in ms. */
  constructor(
    private readonly host: Pick<ReactiveControllerHost, "requestUpdate">,
    private readonly time: number,
  ) {}

  say(text: string): void {
    this.#text = text;
    this.host.requestUpdate();
    setTimeout(() => {
      if (this.#text === text) this.#text = "";
      this.host.requestUpdate();
    }, this.time);
  }

  render(): TemplateResult {
    return html`<div class="toast" role="status" ?hidden=${!this.#text}>${this.#text}</div>`;
  }
}
