/** An editor of YAML, with completion and diagnostics; texts go in and out, nothing of CodeMirror does. */

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, RangeSetBuilder, StateEffect, StateField, type Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Fix, Place, Problem, Suggestions } from "./data.ts";
import { difference, pointsOf, unitsOf } from "./edits.ts";

export interface EditorOptions {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onLine?: (line: number) => void;
  readonly undo?: () => void;
  readonly redo?: () => void;
  /** Asked while the reader types; null: nothing to offer. */
  readonly suggest?: (text: string, place: Place) => Promise<Suggestions | null>;
  readonly fix?: (problem: Problem, fix: Fix) => void;
}

const fromOutside = Annotation.define<true>();
const setLit = StateEffect.define<readonly number[]>();
const litLine = Decoration.line({ class: "lit" });

const litLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    const lit = transaction.effects.find((effect) => effect.is(setLit))?.value as readonly number[] | undefined;
    return lit ? decorated(transaction.state.doc, lit) : lines.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorated(doc: Text, lines: readonly number[]): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    if (line >= 1 && line <= doc.lines) builder.add(doc.line(line).from, doc.line(line).from, litLine);
  }
  return builder.finish();
}

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: "tok-key" },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], class: "tok-string" },
  { tag: [tags.lineComment, tags.meta], class: "tok-comment" },
  { tag: [tags.keyword, tags.labelName, tags.typeName], class: "tok-mark" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], class: "tok-comment" },
]);

export class Editor {
  readonly #view: EditorView;
  #lit: readonly number[] = [];

  constructor(
    parent: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    const { label, text } = options;
    this.#view = new EditorView({
      parent,
      state: EditorState.create({ doc: text, extensions: this.#extensions(label) }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Puts in a text from elsewhere; the cursor stays where it can. */
  set(text: string): void {
    const before = this.text;
    if (text !== before) this.#view.dispatch({ changes: difference(before, text), annotations: fromOutside.of(true) });
  }

  show(problems: readonly Problem[]): void {
    const diagnostics = problems.map((problem) => this.#diagnostic(problem));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Bands lines, counted from 1, and shows the first of them unless the reader is writing. */
  light(lines: readonly number[]): void {
    if (lines.join() === this.#lit.join()) return;
    this.#lit = lines;
    this.#view.dispatch({ effects: setLit.of(lines) });
    if (lines.length && !this.#view.hasFocus) this.#reveal(lines[0]!);
  }

  /** Brings a place into view, with the cursor on it. */
  go(place: Place): void {
    const offset = this.#offset(place);
    this.#view.dispatch({ selection: { anchor: offset }, effects: EditorView.scrollIntoView(offset, { y: "center" }) });
    this.#view.focus();
  }

  /** Brings a line into view, inside the editor alone: the page stays, and so does the cursor. */
  #reveal(line: number): void {
    const { scrollDOM, state } = this.#view;
    const block = this.#view.lineBlockAt(state.doc.line(Math.min(line, state.doc.lines)).from);
    const [top, bottom] = [scrollDOM.scrollTop, scrollDOM.scrollTop + scrollDOM.clientHeight];
    if (block.top < top || block.bottom > bottom) scrollDOM.scrollTop = block.top - scrollDOM.clientHeight / 3;
  }

  #extensions(label: string) {
    const { onChange, onLine, undo, redo, suggest } = this.options;
    const act = (what: (() => void) | undefined) => () => {
      what?.();
      return what !== undefined;
    };
    return [
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      indentUnit.of("  "),
      yaml(),
      syntaxHighlighting(colors),
      lintGutter(),
      litLines,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": label,
        "aria-multiline": "true",
        tabindex: "0",
        spellcheck: "false",
        autocapitalize: "off",
        autocorrect: "off",
      }),
      suggest
        ? autocompletion({ override: [(context) => this.#complete(context)], icons: false, activateOnTypingDelay: 120 })
        : [],
      keymap.of([
        { key: "Mod-z", run: act(undo), preventDefault: true },
        { key: "Mod-y", mac: "Mod-Shift-z", run: act(redo), preventDefault: true },
        { key: "Mod-Shift-z", run: act(redo), preventDefault: true },
        ...closeBracketsKeymap,
        ...completionKeymap,
        { key: "Alt-Space", run: startCompletion },
        ...lintKeymap,
        ...defaultKeymap,
        indentWithTab,
      ]),
      EditorView.updateListener.of((update) => {
        const typed =
          update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromOutside));
        if (typed) onChange(update.state.doc.toString());
        if (update.selectionSet || update.docChanged)
          onLine?.(update.state.doc.lineAt(update.state.selection.main.head).number);
      }),
    ];
  }

  async #complete(context: CompletionContext): Promise<CompletionResult | null> {
    const { doc } = context.state;
    const line = doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if (!context.explicit && !/[\w-]$/.test(before) && !/^\s*(- )?$|: $/.test(before)) return null;
    if (before.trimStart().startsWith("#")) return null;
    const place = { line: line.number, column: pointsOf(line.text, context.pos - line.from) + 1 };
    const found = await this.options.suggest!(doc.toString(), place).catch(() => null);
    if (!found?.options.length || context.aborted) return null;
    const options = found.options.map(
      ({ label, kind, type, required, doc: info, insert }, n): Completion => ({
        label,
        type: kind,
        detail: required ? `${type} *` : type,
        apply: insert,
        boost: (required ? 50 : 0) - n / 10,
        ...(info ? { info } : {}),
      }),
    );
    return { from: this.#offset(found.from), to: this.#offset(found.to), options, validFor: /^[\w./-]*$/ };
  }

  #diagnostic(problem: Problem): Diagnostic {
    const [from, to] = [this.#offset(problem.from), this.#offset(problem.to)];
    const { fix } = this.options;
    return {
      from,
      to: Math.max(to, from),
      severity: problem.severity,
      message: [problem.message, ...problem.hints].join("\n"),
      actions: problem.fixes.map((change) => ({ name: change.title, apply: () => fix?.(problem, change) })),
    };
  }

  #offset({ line, column }: Place): number {
    const { doc } = this.#view.state;
    const { from, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return line > doc.lines ? doc.length : from + unitsOf(text, column - 1);
  }
}
