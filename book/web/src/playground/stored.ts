/** A session as text: in a link, and in this browser. What is read may come from anyone, so it is checked. */

import type { Command, Json, Session } from "./data.ts";

/** A session with the playhead. */
export interface Kept {
  readonly session: Session;
  readonly t: number;
}

/** Why a link holds no session. */
export class LinkError extends Error {
  constructor(readonly kind: "version" | "damaged" | "long") {
    super(kind);
  }
}

const VERSION = "1";
const KEY = "p";
const STORE = "podsim:playground:1";
const LONGEST_LINK = 8_000; // letters that mail programs and chats still pass on
const LARGEST = 400_000; // letters of a session that a link may unfold to
const LONGEST_RUN = 7 * 24 * 3600; // s
const LONGEST_LINE = 4_000;
const MOST_COMMANDS = 500;

/** `p=1.…`; raises LinkError where it would be too long to share. */
export async function encode(kept: Kept): Promise<string> {
  const packed = await through(new Blob([JSON.stringify(kept)]).stream(), new CompressionStream("deflate-raw"));
  const link = `${KEY}=${VERSION}.${base64url(packed)}`;
  if (link.length > LONGEST_LINK) throw new LinkError("long");
  return link;
}

/** What a fragment of an address holds; null if it is no link to a session. Raises LinkError. */
export async function decode(fragment: string): Promise<Kept | null> {
  const text = new URLSearchParams(fragment.replace(/^#/, "")).get(KEY);
  if (text === null) return null;
  const [version, packed = ""] = text.split(".");
  if (version !== VERSION) throw new LinkError("version");
  if (text.length > LONGEST_LINK) throw new LinkError("long");
  const kept = await unfolded(packed).then(read, () => null);
  if (!kept) throw new LinkError("damaged");
  return kept;
}

async function unfolded(packed: string): Promise<string> {
  const bytes = bytesOf(packed);
  const plain = await through(new Blob([bytes]).stream(), new DecompressionStream("deflate-raw"));
  return new TextDecoder("utf-8", { fatal: true }).decode(plain);
}

async function through(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  change: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.pipeThrough(change).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    chunks.push(chunk.value);
    size += chunk.value.length;
    if (size > 4 * LARGEST) {
      await reader.cancel();
      throw new RangeError("too much");
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

/** A session from JSON; null where it has not the shape of one. */
export function read(text: string): Kept | null {
  try {
    const { session, t } = JSON.parse(text) as { session?: unknown; t?: unknown };
    const good = sessionOf(session);
    return good && { session: good, t: seconds(t) ?? 0 };
  } catch {
    return null;
  }
}

type Loose = { readonly [key in keyof Session]?: unknown };

function sessionOf(value: unknown): Session | null {
  const { manifest, scenario, commands, until, pod } = (value ?? {}) as Loose;
  const end = seconds(until);
  const lines = Array.isArray(commands) ? commands.map(commandOf) : [null];
  const world = typeof scenario === "string" || isMap(scenario) ? scenario : null;
  if (typeof manifest !== "string" || world === null || end === null || lines.length > MOST_COMMANDS) return null;
  if (manifest.length + JSON.stringify(world).length > LARGEST || lines.includes(null)) return null;
  return {
    manifest,
    scenario: world,
    commands: lines as Command[],
    until: end,
    pod: typeof pod === "string" ? pod : null,
  };
}

function commandOf(value: unknown): Command | null {
  const { at, line } = (value ?? {}) as { at?: unknown; line?: unknown };
  const when = seconds(at);
  const good = when !== null && typeof line === "string" && line.length <= LONGEST_LINE && !/[\r\n]/.test(line);
  return good ? { at: when, line } : null;
}

const isMap = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function seconds(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= LONGEST_RUN ? value : null;
}

/** Keeps a session in this browser, where it lets us. */
export function save(kept: Kept): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(kept));
  } catch {
    // private windows and full disks keep nothing
  }
}

export function saved(): Kept | null {
  try {
    return read(localStorage.getItem(STORE) ?? "");
  } catch {
    return null;
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(STORE);
  } catch {
    // nothing was kept
  }
}
