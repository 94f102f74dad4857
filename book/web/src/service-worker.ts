/**
 * Keeps the book readable without a network: what a reader has visited, and all that its explorers need.
 *
 * The network comes first; for files of the folder named after its content that is the browser's own cache.
 */

import type { Keep } from "./offline.ts";

// Set by the book's build: the folder, seen from the book's root, and the names of its files.
declare const FOLDER: string;
declare const FILES: readonly string[];

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Scope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "message", listener: (event: Lasting & { readonly data: Keep }) => void): void;
}

const scope = self as unknown as Scope;
const PREFIX = "podsim-book-";
const STORE = PREFIX + FOLDER;
const assets = new URL(FOLDER, location.href).href;
const notebooks = new URL("lite/", location.href).href; // they keep for themselves what they need

/** Puts what is not there yet into the store, from the browser's own cache where that has it. */
async function keep(urls: readonly string[]): Promise<void> {
  const store = await caches.open(STORE);
  const missing = async (url: string) => !(await store.match(url));
  const add = async (url: string) => {
    if (await missing(url)) await store.add(new Request(url, { cache: "force-cache" }));
  };
  await Promise.all(urls.map(add));
}

async function answer(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok && !request.url.startsWith(assets)) await (await caches.open(STORE)).put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate" });
    if (kept) return kept;
    throw error;
  }
}

scope.addEventListener("install", (event) => {
  event.waitUntil(keep(FILES.map((name) => assets + name)).then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event) => {
  const others = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== STORE);
  const drop = async () => Promise.all((await others()).map((name) => caches.delete(name)));
  event.waitUntil(drop().then(() => scope.clients.claim()));
});

scope.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { url, method } = request;
  if (method !== "GET" || new URL(url).origin !== location.origin || url.startsWith(notebooks)) return;
  event.respondWith(answer(request));
});
