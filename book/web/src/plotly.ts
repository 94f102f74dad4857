/** The few parts of plotly.js that the figure uses. */

export interface Trace {
  readonly type: "bar" | "scatter";
  readonly name: string;
  readonly [attribute: string]: unknown;
}

export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface Plotly {
  react(
    element: HTMLElement,
    data: readonly Trace[],
    layout: Figure["layout"],
    config: Figure["config"],
  ): Promise<unknown>;
}

/** Text for plotly, which reads some HTML. */
export const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
