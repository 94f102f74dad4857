/** The kubectl prompt: what was typed and printed, and a line to type, with history and completion. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { createRef, ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { reading } from "../duration.ts";
import type { Command, Completion, Fix, TranscriptEntry } from "./data.ts";
import { pointsOf, unitsOf } from "./edits.ts";
import type { Context } from "./parts/panel.ts";
import { commonStart, Recall } from "./recall.ts";

const MOST_OPTIONS = 200;

export class Terminal {
  readonly #recall = new Recall();
  readonly #log = createRef<HTMLDivElement>();
  #line = "";
  #found: Completion | null = null;
  #chosen = -1;
  #leaving = false; // after Esc, Tab goes on to what comes next
  #asked = 0;
  #cleared = new Set<Command>();
  #printed = 0;

  constructor(
    private readonly context: Context,
    private readonly update: () => void,
    private readonly go: (t: number) => void,
  ) {}

  render(): TemplateResult {
    const { playground, say, uid } = this.context;
    const { session, t } = playground;
    const printed = new Map(playground.told.transcript.map((entry) => [session.commands[entry.index], entry]));
    const shown = session.commands.filter((command) => !this.#cleared.has(command));
    const hidden = session.commands.length - shown.length;
    const options = this.#found?.options ?? [];
    return html`<div class="terminal" role="group" aria-label=${say("terminal")}>
      <div class="log" role="log" tabindex="0" aria-label=${say("terminal.log")} ${ref(this.#log)}>
        ${hidden ? html`<button class="link" type="button" @click=${() => this.#clear(new Set())}>${say("terminal.hidden", { count: hidden })}</button>` : nothing}
        ${shown.length || hidden ? nothing : html`<p class="dim">${say("terminal.empty")}</p>`}
        ${repeat(
          shown,
          (command) => command,
          (command) => this.#entry(command, printed.get(command)),
        )}
      </div>
      ${this.#options()}
      <form class="prompt" @submit=${(event: Event) => this.#run(event)}>
        <label for="${uid}-prompt"><span>${reading(t)}</span> $ <span class="kubectl">kubectl</span></label>
        <input
          id="${uid}-prompt" type="text" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="go"
          role="combobox" aria-autocomplete="list" aria-haspopup="listbox" aria-controls="${uid}-options" aria-expanded=${options.length > 0}
          aria-activedescendant=${this.#chosen < 0 ? "" : `${uid}-option-${this.#chosen}`} aria-describedby="${uid}-keys"
          aria-label=${say("terminal.prompt", { time: reading(t) })} placeholder=${say("terminal.placeholder")} .value=${live(this.#line)}
          ?disabled=${playground.status?.state === "offline"}
          @input=${(event: Event) => this.#type((event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => this.#key(event)}
        />
        <button class="btn" type="submit" ?disabled=${!this.#line.trim()}>${say("terminal.run")}</button>
      </form>
      <p class="keys" id="${uid}-keys">${say("terminal.keys")}</p>
    </div>`;
  }

  /** After the page has what was rendered: what was printed last is to be seen. */
  updated(): void {
    const { length } = this.context.playground.told.transcript;
    const log = this.#log.value;
    if (log && length > this.#printed) log.scrollTop = log.scrollHeight;
    this.#printed = length;
  }

  #entry(command: Command, printed: TranscriptEntry | undefined): TemplateResult {
    const { say, playground } = this.context;
    const later = command.at > playground.t ? "later" : "";
    const line = `kubectl ${command.line.replace(/^\s*kubectl\s+/, "")}`;
    return html`<div class="entry ${later}">
      <div class="typed">
        <button class="link" type="button" title=${say("terminal.go")} @click=${() => this.go(command.at)}>${reading(command.at)}</button>
        <span class="dim">$</span> <span class="line">${line}</span>
        <button class="link remove" type="button" title=${say("terminal.remove", { line })} aria-label=${say("terminal.remove", { line })}
          @click=${() => playground.forget(command)}>✕</button>
      </div>
      ${printed ? this.#output(printed) : html`<p class="dim">${say(command.at > playground.told.end ? "terminal.notRun" : "terminal.waiting")}</p>`}
    </div>`;
  }

  #output({ stdout, stderr, returncode, waited, interrupted, at, hints }: TranscriptEntry): TemplateResult {
    const { say, playground } = this.context;
    const fixes = (all: readonly Fix[]) =>
      all.map(
        (fix) =>
          html` <button class="btn" type="button" @click=${() => playground.fix({ source: "manifest" }, fix)}>${fix.title}</button>`,
      );
    const back = at + waited;
    return html`${stdout ? html`<pre>${stdout}</pre>` : nothing}${stderr ? html`<pre class="stderr">${stderr}</pre>` : nothing}
      ${hints.map(({ message, fixes: all }) => html`<p class="hint">${message}${fixes(all)}</p>`)}
      ${returncode === null ? html`<p class="dim">${say("terminal.endless")}</p>` : nothing}
      ${interrupted ? html`<p class="dim">^C ${say("terminal.interrupted", { time: reading(back) })}</p>` : nothing}
      ${
        waited > 0 && !interrupted && returncode !== null
          ? html`<button class="link" type="button" @click=${() => this.go(back)}>${say("terminal.back", { time: reading(back), waited: reading(waited) })}</button>`
          : nothing
      }`;
  }

  #options(): TemplateResult {
    const { uid, say } = this.context;
    const options = this.#found?.options.slice(0, MOST_OPTIONS) ?? [];
    return html`<ul class="options" role="listbox" id="${uid}-options" aria-label=${say("terminal.options")} ?hidden=${!options.length}>
      ${options.map(
        ({ text, kind, detail }, n) => html`<li
          role="option" id="${uid}-option-${n}" class=${kind} aria-selected=${n === this.#chosen}
          @pointerdown=${(event: Event) => {
            event.preventDefault();
            this.#take(text);
          }}
        >${text}${detail ? html` <small>${detail}</small>` : nothing}</li>`,
      )}
    </ul>`;
  }

  #type(line: string): void {
    this.#line = line;
    this.#leaving = false;
    this.#close();
  }

  #run(event: Event): void {
    event.preventDefault();
    const { playground } = this.context;
    const line = this.#line.trim().replace(/^kubectl(\s+|$)/, "");
    if (!line) return;
    this.#recall.add(line);
    this.#line = "";
    this.#close();
    if (line === "clear") this.#clear(new Set(playground.session.commands));
    else playground.command(line);
  }

  #key(event: KeyboardEvent): void {
    const input = event.target as HTMLInputElement;
    const open = this.#found !== null;
    const control = event.ctrlKey && !event.metaKey && !event.altKey;
    const keys: Record<string, (() => void) | false> = {
      ArrowUp: () => (open ? this.#choose(-1) : this.#recalled(-1)),
      ArrowDown: () => (open ? this.#choose(1) : this.#recalled(1)),
      Escape: (open || !this.#leaving) && (() => this.#escape()),
      Tab: !event.shiftKey && this.#line !== "" && !this.#leaving && (() => this.#tab(input)),
      Enter: open && this.#chosen >= 0 && (() => this.#take(this.#found!.options[this.#chosen]!.text)),
      "^c": control && input.selectionStart === input.selectionEnd && (() => this.#type("")),
      "^l": control && (() => this.#clear(new Set(this.context.playground.session.commands))),
    };
    const act = keys[control ? `^${event.key.toLowerCase()}` : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #escape(): void {
    this.#leaving = true;
    this.#close();
  }

  #recalled(direction: -1 | 1): void {
    this.#line = this.#recall.go(direction, this.#line);
    this.update();
  }

  #tab(input: HTMLInputElement): void {
    if (this.#found) this.#choose(1);
    else void this.#complete(pointsOf(this.#line, input.selectionEnd ?? this.#line.length));
  }

  async #complete(cursor: number): Promise<void> {
    const asked = ++this.#asked;
    const { playground } = this.context;
    const { session, t } = playground;
    const found = await playground.ask("complete", { session, at: t, line: this.#line, cursor }).catch(() => null);
    if (!found?.options.length || asked !== this.#asked) return;
    const texts = found.options.map(({ text }) => text);
    this.#found = found;
    if (texts.length === 1) return this.#take(texts[0]!);
    const start = commonStart(texts);
    const [from, to] = [unitsOf(this.#line, found.from), unitsOf(this.#line, found.to)];
    if (start.length > to - from) {
      this.#line = this.#line.slice(0, from) + start + this.#line.slice(to);
      this.#found = { ...found, to: found.from + pointsOf(start, start.length) };
    }
    this.update();
  }

  #choose(direction: -1 | 1): void {
    const count = Math.min(this.#found!.options.length, MOST_OPTIONS);
    this.#chosen = this.#chosen < 0 && direction < 0 ? count - 1 : (this.#chosen + direction + count) % count;
    this.update();
  }

  #take(text: string): void {
    const { from, to } = this.#found!;
    const rest = this.#line.slice(unitsOf(this.#line, to));
    const space = rest || /[=/,]$/.test(text) ? "" : " ";
    this.#line = this.#line.slice(0, unitsOf(this.#line, from)) + text + space + rest;
    this.#close();
  }

  #clear(hidden: Set<Command>): void {
    this.#cleared = hidden;
    this.update();
  }

  #close(): void {
    this.#asked++;
    this.#found = null;
    this.#chosen = -1;
    this.update();
  }
}
