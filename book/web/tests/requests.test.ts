import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { KernelEngine } from "../src/kernel-engine.ts";
import type { Answer, Request } from "../src/protocol.ts";
import { Requests } from "../src/requests.ts";

test("answers find their requests in any order", async () => {
  const sent: Request[] = [];
  const requests = new Requests((request) => sent.push(request), assert.fail);
  const [first, second] = [requests.ask<number>("double", { n: 1 }), requests.ask<number>("double", { n: 2 })];
  requests.receive({ request: sent[1]!.request, result: "4" });
  requests.receive({ request: sent[0]!.request, failure: "no" });
  assert.equal(await second, 4);
  await assert.rejects(first, /^Error: no$/);
});

test("no answer in half a minute counts as hung", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const requests = new Requests(
    () => {},
    (reason) => requests.rejectAll(reason),
  );
  const lost = assert.rejects(requests.ask("wait", {}), /no answer in 30 s/);
  mock.timers.tick(30_000);
  await lost;
  mock.timers.reset();
});

test("a kernel that still runs other cells is not hung", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const sent: Request[] = [];
  let receive: (answer: Answer) => void = () => assert.fail();
  const engine = new KernelEngine({
    get: () => undefined,
    on: (_event, listener) => {
      receive = listener;
    },
    off: () => {},
    send: (message) => sent.push(message as Request),
  });
  const asked = engine.call<number>("double", { n: 1 });
  mock.timers.tick(120_000);
  receive({ request: sent[0]!.request, result: "2" });
  assert.equal(await asked, 2);
  mock.timers.reset();
});
