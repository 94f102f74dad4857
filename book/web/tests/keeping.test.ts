import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Session } from "../src/playground/data.ts";
import { Keeping } from "../src/playground/keeping.ts";
import type { Playground } from "../src/playground/playground.ts";
import { encode, type Kept, LinkError } from "../src/playground/stored.ts";

const sessionOf = (manifest: string): Session => ({ manifest, scenario: "", commands: [], until: 90, pod: null });
const OWN: Kept = { session: sessionOf("kind: Pod\n"), t: 40 };
const SHARED: Kept = { session: sessionOf("kind: Deployment\n"), t: 7 };

/** What a keeping asks of a playground. */
class FakePlayground {
  own = OWN;
  stored = OWN;
  isWaiting = false;
  get session() {
    return this.stored.session;
  }
  load(kept: Kept) {
    this.stored = kept;
  }
}

const PAGE = { pathname: "/playground.html", search: "?theme=dark", hash: "" };
let address = { ...PAGE };
const store = new Map<string, string>();

beforeEach(() => {
  address = { ...PAGE };
  store.clear();
  const replaceState = (_: unknown, __: string, url: string) => {
    address.hash = url.includes("#") ? url.slice(url.indexOf("#")) : "";
  };
  Object.assign(globalThis, {
    location: address,
    history: { replaceState },
    localStorage: {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, text: string) => store.set(key, text),
      removeItem: (key: string) => store.delete(key),
    },
  });
});

function begun(keeps = true) {
  const playground = new FakePlayground();
  const keeping = new Keeping(playground as unknown as Playground, keeps, () => {});
  return { playground, keeping };
}

test("a link is followed until another session is shown that Python has answered", async () => {
  const { playground, keeping } = begun();
  address.hash = `#${await encode(SHARED)}`;
  assert.equal(await keeping.follow(), null);
  assert.deepEqual(playground.stored, SHARED);

  playground.load({ ...SHARED, session: sessionOf("kind: Job\n") });
  playground.isWaiting = true;
  keeping.changed();
  assert.match(address.hash, /^#p=1\./);
  playground.isWaiting = false;
  keeping.changed();
  assert.equal(address.hash, "");
});

test("an address may name an example, which leaves the session alone", async () => {
  const { playground, keeping } = begun();
  address.hash = "#example=crash-loop";
  assert.equal(await keeping.follow(), "crash-loop");
  assert.deepEqual(playground.stored, OWN);
});

test("a bad link says what is wrong with it until it is left", async () => {
  const { playground, keeping } = begun();
  address.hash = "#p=1.AAAA";
  await keeping.follow();
  assert.equal(keeping.badLink, "damaged");
  assert.deepEqual(playground.stored, OWN);
  keeping.leave();
  assert.equal(keeping.badLink, null);
  assert.equal(address.hash, "");
});

test("sharing puts the session into the address, unless it is too long", async () => {
  const { playground, keeping } = begun();
  await keeping.share();
  assert.equal(address.hash, `#${await encode(OWN)}`);
  const noise = Array.from({ length: 2_000 }, (_, n) => Math.sin(n)).join();
  playground.load({ session: sessionOf(noise), t: 0 });
  await assert.rejects(keeping.share(), LinkError);
});

test("this browser keeps the last of several changes, and gives it back", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { playground, keeping } = begun();
  keeping.changed();
  context.mock.timers.tick(300);
  playground.load(SHARED);
  keeping.changed();
  context.mock.timers.tick(399);
  assert.equal(store.size, 0);
  context.mock.timers.tick(1);
  const next = begun();
  next.keeping.recall();
  assert.deepEqual(next.playground.stored, SHARED);
  next.keeping.again();
  assert.deepEqual(next.playground.stored, OWN);
  assert.equal(store.size, 0);
});

test("in a notebook neither the address nor the browser is written to", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { keeping } = begun(false);
  await keeping.share();
  keeping.changed();
  context.mock.timers.runAll();
  assert.equal(address.hash, "");
  assert.equal(store.size, 0);
});
